import type { TelemetryReport } from '@downhaul/engine';
import type { CountedBody } from '../counted/types.ts';
import type { EnvironmentTelemetry } from '../state.ts';

/** Keys come from reports: a service that makes them up evaluates any. */
const MAX_FLAGS = 10_000;
const ANY = '*';

/** Remembers, for good, that a service evaluated flags. */
export function noteEvaluated(
  { evaluated }: Pick<EnvironmentTelemetry, 'evaluated'>,
  service: string,
  flags: Iterable<string>,
): void {
  let known = evaluated.get(service);
  for (const flag of flags) {
    if (known === undefined) {
      known = new Set();
      evaluated.set(service, known);
    }
    if (known.has(flag)) continue;
    known.add(known.size < MAX_FLAGS ? flag : ANY);
  }
}

/** Whether a service is known to evaluate one of the flags. */
export function evaluates(
  { evaluated }: Pick<EnvironmentTelemetry, 'evaluated'>,
  service: string,
  flags: readonly string[],
): boolean {
  const known = evaluated.get(service);
  return known !== undefined && (known.has(ANY) || flags.some((flag) => known.has(flag)));
}

/** The flags that a report tells of. */
export function* flagsReported({
  evaluates: told,
  exposures,
  activity,
}: Pick<TelemetryReport, 'evaluates' | 'exposures' | 'activity'>): Iterable<string> {
  yield* told ?? [];
  for (const { flag } of exposures) yield flag;
  for (const { flag } of activity) yield flag;
}

/** The flags that another source tells of requests with; `flagOf` knows those of rollouts that are measured. */
export function* flagsTold(
  { items, points = [], exposures = [], uses = [] }: CountedBody,
  flagOf: (rollout: string) => string | undefined,
): Iterable<string> {
  for (const { rollout } of [...items, ...points, ...exposures, ...uses]) {
    const flag = flagOf(rollout);
    if (flag !== undefined) yield flag;
  }
}
