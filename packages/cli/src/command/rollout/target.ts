import { placeRefusal } from '../../document/place-refusal.ts';
import { readPlan } from '../../document/read-plan.ts';
import type { Io } from '../../io/types.ts';
import type { CommandInput } from '../input.ts';
import type { OptionSpec } from '../types.ts';

/** Options of `start` and `check`: what is rolled out by which plan. */
export const targetOptions: readonly OptionSpec[] = [
  { syntax: '--plan <plan>', description: 'key of a named plan (default: as declared)' },
  { syntax: '--plan-file <file>', description: 'a file with one plan, - is standard input' },
  { syntax: '--to <variant>', description: 'the target variant (default: as declared)' },
];

interface RolloutTarget {
  readonly body: { readonly plan?: string | Record<string, unknown>; readonly to?: string };
  /** Gives a refusal of the plan its place in the file that it came from. */
  readonly place: (error: unknown) => unknown;
}

export async function readTarget(io: Io, input: CommandInput): Promise<RolloutTarget> {
  const file = input.text('planFile');
  const document = file === undefined ? undefined : await readPlan(io, file);
  const plan = document?.value ?? input.text('plan');
  const to = input.text('to');
  return {
    body: { ...(plan === undefined ? {} : { plan }), ...(to === undefined ? {} : { to }) },
    place: (error) => (document ? placeRefusal(error, document, '/plan') : error),
  };
}
