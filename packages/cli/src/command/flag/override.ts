import { withSuggestions } from '../../api/suggest.ts';
import { CommandError } from '../../error.ts';
import { EXIT } from '../../exit-code.ts';
import type { CommandInput } from '../input.ts';
import { flagArgument, justificationOption } from '../options.ts';
import type { CommandModule } from '../types.ts';

export const flagOverride: CommandModule = {
  words: ['flag', 'override'],
  summary: 'Give single units a variant of their own, or take it away',
  description:
    'Gives single units (users, tenants) a variant of their own in an environment, above rules and rollouts and outside both arms. Units not named keep theirs.',
  arguments: [flagArgument],
  options: [
    { syntax: '--set <unit=variant>', description: 'may be repeated', repeatable: true },
    { syntax: '--clear <unit>', description: 'may be repeated', repeatable: true },
    justificationOption,
  ],
  examples: ['downhaul flag override new-checkout --set user-7=on --clear user-8'],
  run: async ({ api, printer, project, environment }, input) => {
    const flag = input.argument(0);
    const overrides = readOverrides(input);
    const answer = await withSuggestions(api(), { project, environment, flag }, () =>
      api().change(
        (client, how) =>
          client.PUT(
            '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/overrides',
            {
              params: { path: { project, environment, flag } },
              body: overrides,
              ...how,
            },
          ),
        { justification: input.text('justification') },
      ),
    );
    const count = `${overrides.length} ${overrides.length === 1 ? 'override' : 'overrides'}`;
    printer.result(answer, () => [
      answer.changed
        ? `${count} of ${flag} changed in ${environment}, version ${answer.version}`
        : `the overrides of ${flag} in ${environment} are as they were`,
    ]);
    return EXIT.ok;
  },
};

interface Override {
  readonly unit: string;
  readonly variant: string | null;
}

function readOverrides(input: CommandInput): Override[] {
  const set = input.texts('set').map((text): Override => {
    // A unit may contain `=`; a variant's name does not.
    const at = text.lastIndexOf('=');
    if (at < 1 || at === text.length - 1)
      throw wrong(`--set cannot be ${JSON.stringify(text)}`, 'UNIT=VARIANT, such as user-7=on');
    return { unit: text.slice(0, at), variant: text.slice(at + 1) };
  });
  const cleared = input.texts('clear').map((unit): Override => ({ unit, variant: null }));
  const all = [...set, ...cleared];
  const units = all.map(({ unit }) => unit);
  const twice = units.find((unit, index) => units.indexOf(unit) < index);
  if (twice !== undefined)
    throw wrong(`${JSON.stringify(twice)} is named twice`, 'one variant for each unit');
  if (all.length === 0) throw wrong('no override is named', '--set UNIT=VARIANT or --clear UNIT');
  return all;
}

function wrong(message: string, accepted: string): CommandError {
  return new CommandError({ exitCode: EXIT.usage, code: 'cli_option', message, accepted });
}
