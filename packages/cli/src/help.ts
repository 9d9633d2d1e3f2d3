import { exitCodeMeanings } from './exit-code.ts';

const topics: Readonly<Record<string, () => readonly string[]>> = {
  'exit-codes': exitCodes,
  documents,
};

/** The lines of `downhaul help TOPIC`, when the arguments ask for a topic and not for a command. */
export function helpTopic(args: readonly string[]): readonly string[] | undefined {
  const [first, topic] = args;
  if (first !== 'help' || topic === undefined || !Object.hasOwn(topics, topic)) return undefined;
  return topics[topic]?.();
}

/** `help serve` as `serve --help`: the options of some commands are only known once they are called. */
export function rewriteHelp(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  if (args.length === 0) return ['--help'];
  return first === 'help' && rest.length > 0 ? [...rest, '--help'] : args;
}

function exitCodes(): string[] {
  return [
    'What the exit code says. The numbers never change their meaning.',
    '',
    ...exitCodeMeanings.map(({ code, meaning }) => `${String(code).padStart(4)}  ${meaning}`),
  ];
}

function documents(): string[] {
  return [
    'Flags, segments, metrics and plans are documents in YAML 1.2 or JSON. A file may hold several,',
    'separated by a line of three dashes, and `-` reads them from standard input. The key at the top',
    'says what a document is:',
    '',
    '  segment: fragile-tenants',
    '  owner: team-checkout',
    '  if: { attribute: tenant, in: [acme, globex] }',
    '  ---',
    '  plan: canary',
    '  stages:',
    '    - { share: 1%, bake: 30m }',
    '    - { share: 100%, bake: 24h }',
    '  guardrails:',
    '    - { metric: http.error_rate, margin: { relative: 5%, absolute: 0.0005 } }',
    '  ---',
    '  flag: new-checkout',
    '  kind: release',
    '  type: boolean',
    '  owner: team-checkout',
    '  purpose: one-page checkout',
    '  variants: { on: true, off: false }',
    '  safe: off',
    '  environments:',
    '    production:',
    '      serve: off',
    '      rollout: { plan: canary, to: on }',
    '',
    'All documents of a `put` are one change, in any order: all of them are put, or none. `put` prints',
    'what they change; with --dry-run it prints that, or why it would be refused, and changes nothing.',
    '',
    'Nothing is taken away by being left out: a document says `production: { removed: true }` of an',
    'environment, and `rules: []` of rules. `get` prints a document with the `version` it was read at;',
    'it is refused once somebody has changed the same thing. Without that line it is put anyhow.',
  ];
}
