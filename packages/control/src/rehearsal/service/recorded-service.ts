import { ENOUGH_UNITS, seenTraffic } from '../../check/seen-traffic.ts';
import { flagServices } from '../../check/flag-services.ts';
import type { CheckInput } from '../../check/types.ts';
import { environmentKey } from '../../telemetry/state.ts';
import { hypothesesOf, latencyKey } from '../../telemetry/rollout/hypotheses.ts';
import type { RolloutTelemetry } from '../../telemetry/rollout/types.ts';
import type { KnownService } from './assume-service.ts';
import type { Figure } from './types.ts';

/** The one metric whose buckets are taken over. */
const LATENCY = 'http.latency';

/**
 * The service as the server has seen it, from the services of the flag alone: traffic lately; rates, latency and returning users from the
 * rollouts that were measured here, the newest first; rates of what was never measured from the traffic.
 * What nobody has seen is left out.
 */
export function recordedService(input: Omit<CheckInput, 'state'>): KnownService {
  const { telemetry, plan } = input;
  const key = environmentKey(input);
  const services = flagServices(input);
  const measured = [...telemetry.rollouts.values()]
    .filter((each) => each.environmentKey === key && services.measuredBy(each))
    .toSorted((one, other) => other.rollout.startedAtMs - one.rollout.startedAtMs);
  const seen = seenTraffic(input);
  const latency = latencyOf(measured);
  const returning = returningOf(measured);
  return {
    ...(seen === undefined ? {} : { unitsPerSecond: figure(seen.unitsPerSecond) }),
    ...(returning === undefined ? {} : { returningShare: figure(returning) }),
    rates: ratesOf(input, { measured, seen }),
    ...(latency === undefined || !judgesLatency(plan)
      ? {}
      : { latency: { shares: latency, known: 'measured' as const } }),
  };
}

function ratesOf(
  { plan }: Pick<CheckInput, 'plan'>,
  {
    measured,
    seen,
  }: {
    readonly measured: readonly RolloutTelemetry[];
    readonly seen: ReturnType<typeof seenTraffic>;
  },
): Record<string, Figure> {
  const rates: Record<string, Figure> = {};
  for (const { id, metric, kind } of hypothesesOf(plan)) {
    if (kind === 'slow' || rates[metric] !== undefined) continue;
    const counted = measured
      .map(({ baseline }) => baseline.rates.get(id))
      .find((counts) => (counts?.units ?? 0) >= ENOUGH_UNITS);
    const enough = (seen?.units[metric] ?? 0) >= ENOUGH_UNITS;
    const lately = enough ? seen?.rates[metric] : undefined;
    const rate = counted === undefined ? lately : counted.bad / counted.units;
    if (rate === undefined) continue;
    // Half a unit where none was bad: nothing is known to be impossible.
    const least = counted === undefined ? 0 : 0.5 / counted.units;
    rates[metric] = figure(Math.max(rate, least));
  }
  return rates;
}

/** Share of units by bucket of their slowest request, at the shortest horizon that was measured enough. */
function latencyOf(measured: readonly RolloutTelemetry[]): number[] | undefined {
  for (const { baseline, horizonsMs } of measured) {
    const keys = horizonsMs.map((horizonMs) => latencyKey(LATENCY, horizonMs));
    const shortest = keys.find((key) => baseline.latency.has(key));
    const histogram = shortest === undefined ? [] : (baseline.latency.get(shortest) ?? []);
    const units = histogram.reduce((sum, count) => sum + count, 0);
    if (units >= ENOUGH_UNITS) return histogram.map((count) => count / units);
  }
  return undefined;
}

/** Of the units of later stages, those that an earlier stage of the same attempt had seen. */
function returningOf(measured: readonly RolloutTelemetry[]): number | undefined {
  let units = 0;
  let back = 0;
  for (const { cohorts } of measured) {
    for (const cohort of cohorts.values()) {
      if (cohort.stage < 1) continue;
      for (const { shareBefore } of cohort.units.values()) {
        units += 1;
        if (shareBefore > 0) back += 1;
      }
    }
  }
  return units >= ENOUGH_UNITS ? back / units : undefined;
}

function judgesLatency(plan: CheckInput['plan']): boolean {
  return hypothesesOf(plan).some(({ kind }) => kind === 'slow');
}

function figure(value: number): Figure {
  return { value, known: 'measured' };
}
