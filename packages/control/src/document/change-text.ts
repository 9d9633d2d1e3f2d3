import type { JsonValue } from '@downhaul/engine';

interface Changed {
  /** From the document to the field, members of lists by their names. */
  readonly steps: readonly string[];
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/** A change in words, such as «production: rule `staff`, serve: off → on». */
export function changeText({ steps, before, after }: Changed): string {
  const what = placeText(steps);
  if (after === undefined) return `${what} removed, was ${shown(before)}`;
  if (before === undefined) return `${what} added: ${shown(after)}`;
  return `${what}: ${shown(before)} → ${shown(after)}`;
}

/** What one member of a list or record is called. */
const MEMBERS: Readonly<Record<string, string>> = {
  environments: 'environment',
  rules: 'rule',
  variants: 'variant',
  guardrails: 'guardrail',
  signals: 'signal',
  success: 'criterion of success',
  stages: 'stage',
  slices: 'slice',
  weights: 'weight of',
  flags: 'flag',
  services: 'service',
  migrations: 'migration',
  affects: 'affected service',
  conflicts: 'conflict with',
};

function placeText(steps: readonly string[]): string {
  const [first, environment, ...inside] = steps;
  if (first === 'environments' && environment !== undefined && inside.length > 0)
    return `${environment}: ${wordsOf(inside)}`;
  return wordsOf(steps);
}

function wordsOf(steps: readonly string[]): string {
  const words: string[] = [];
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index]!;
    const name = steps[index + 1];
    const member = Object.hasOwn(MEMBERS, step) ? MEMBERS[step] : undefined;
    if (member === undefined || name === undefined) words.push(step);
    else if (name === '(order)') words.push(`order of the ${step}`);
    else words.push(`${member} \`${name}\``);
    if (member !== undefined) index++;
  }
  return words.join(', ');
}

const MOST_CHARACTERS = 160;

function shown(value: JsonValue | undefined): string {
  const text = typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
  const [...characters] = text;
  if (characters.length <= MOST_CHARACTERS) return text;
  return `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`;
}
