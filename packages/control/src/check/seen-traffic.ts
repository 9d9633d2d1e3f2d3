import type { Moments } from '@downhaul/judge';
import { type RecentTraffic, recentTraffic } from '../evidence/recent-traffic.ts';
import { unitsPerSecond } from '../evidence/traffic.ts';
import { RECOVERY_STAGE, telemetryStage } from '../telemetry/rollout/history.ts';
import { hypothesesOf } from '../telemetry/rollout/hypotheses.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import { environmentKey } from '../telemetry/state.ts';
import { type FlagServices, flagServices } from './flag-services.ts';
import type { CheckInput } from './types.ts';

/** The traffic that a plan can reckon with. */
interface SeenTraffic {
  readonly unitsPerSecond: number;
  /** Rates of bad outcomes by metric, as far as they were seen. */
  readonly rates: Readonly<Record<string, number>>;
  /** How many units each of the rates rests on. */
  readonly units: Readonly<Record<string, number>>;
}

/** Units on which a rate has to rest before it is taken for measured. */
export const ENOUGH_UNITS = 200;

/** What was measured of means, by metric: of the flag's services, by the newest rollout whose baseline knows them. */
export function seenMeans(input: SeenBy): Readonly<Record<string, Moments>> {
  const key = environmentKey(input);
  const means: Record<string, Moments> = {};
  const services = flagServices(input);
  for (const measured of input.telemetry.rollouts.values()) {
    const { environmentKey: place, hypotheses, baseline } = measured;
    if (place !== key || !services.measuredBy(measured)) continue;
    for (const { id, metric, kind } of hypotheses) {
      const known = kind === 'mean' ? baseline.means.get(id) : undefined;
      if (known !== undefined) means[metric] = known;
    }
  }
  return means;
}

/** Where, for which flag and plan, and when. */
type SeenBy = Omit<CheckInput, 'state'>;

/**
 * What is known of the traffic: best from the flag's own rollout while it is measured, since its units
 * are those that count; else from what services tell whether or not anything is measured; else from
 * whatever was measured before. All of it is of the flag's services alone: that another service is busy says
 * nothing of who meets this flag. Undefined where nobody has seen a unit there.
 */
export function seenTraffic(input: SeenBy): SeenTraffic | undefined {
  const { telemetry, flag, nowMs } = input;
  const key = environmentKey(input);
  const services = flagServices(input);
  const measured = [...telemetry.rollouts.values()].filter(
    (each) => each.environmentKey === key && services.measuredBy(each),
  );
  const own = measured.filter(({ rollout }) => rollout.flag === flag.key);
  const sources = [
    fromRollouts(own, (each) => presentUnitsPerSecond(each, nowMs)),
    fromServices(input, services),
    fromRollouts(own, earlierUnitsPerSecond),
    fromRollouts(
      measured,
      (each) => presentUnitsPerSecond(each, nowMs) || earlierUnitsPerSecond(each),
    ),
  ].filter((seen) => seen !== undefined);
  const [first] = sources;
  return first === undefined ? undefined : { ...first, ...bestRates(sources) };
}

/**
 * Of each metric the rate of the first source that has seen enough units, else of the one that has seen most:
 * none bad among 40 units tells of a rate of 1 %, and four thousand requests beside them know better.
 */
function bestRates(sources: readonly SeenTraffic[]): Pick<SeenTraffic, 'rates' | 'units'> {
  const rates: Record<string, number> = {};
  const units: Record<string, number> = {};
  for (const source of sources) {
    for (const [metric, rate] of Object.entries(source.rates)) {
      const seen = Math.min(ENOUGH_UNITS, source.units[metric] ?? 0);
      if (metric in rates && seen <= Math.min(ENOUGH_UNITS, units[metric] ?? 0)) continue;
      rates[metric] = rate;
      units[metric] = source.units[metric] ?? 0;
    }
  }
  return { rates, units };
}

function fromRollouts(
  measured: readonly RolloutTelemetry[],
  rateOf: (telemetry: RolloutTelemetry) => number,
): SeenTraffic | undefined {
  const rate = Math.max(0, ...measured.map(rateOf));
  return rate === 0 ? undefined : { unitsPerSecond: rate, ...baselineRates(measured) };
}

/** What a rollout that goes on sees. After a rollback nothing is told of units as soon as it is proven. */
function presentUnitsPerSecond(telemetry: RolloutTelemetry, nowMs: number): number {
  return telemetryStage(telemetry.rollout) === RECOVERY_STAGE
    ? 0
    : unitsPerSecond(telemetry, nowMs);
}

/** What the last stage saw until it was left; without one the closed units of the baseline, by its length. */
function earlierUnitsPerSecond(telemetry: RolloutTelemetry): number {
  const { rollout, cohorts, baseline, history, closedThroughMs, slice } = telemetry;
  const last = cohorts.get(rollout.stage);
  if (last !== undefined && last.stage >= 0) {
    const seconds = (rollout.statusSinceMs - last.enteredAtMs) / 1_000;
    const units = (last.counts.control + last.counts.treatment) * 2 ** slice;
    if (units >= ENOUGH_UNITS && seconds > 0) return units / seconds;
  }
  const leftAtMs = history.find(({ stage }) => stage >= 0)?.atMs ?? closedThroughMs;
  const seconds = (leftAtMs - rollout.startedAtMs) / 1_000;
  const units = Math.max(0, ...[...baseline.rates.values()].map((counts) => counts.units));
  return seconds > 0 ? units / seconds : 0;
}

function baselineRates(
  measured: readonly RolloutTelemetry[],
): Pick<SeenTraffic, 'rates' | 'units'> {
  const rates: Record<string, number> = {};
  const units: Record<string, number> = {};
  for (const { hypotheses, baseline } of measured) {
    for (const { id, metric, horizonIndex, role } of hypotheses) {
      const counts = baseline.rates.get(id);
      if (role !== 'guardrail' || horizonIndex !== 0 || counts === undefined) continue;
      if (counts.units === 0) continue;
      rates[metric] = Math.max(counts.bad, 0.5) / counts.units;
      units[metric] = counts.units;
    }
  }
  return { rates, units };
}

/** The busiest of the flag's services sees the units; all of them see what becomes of these. */
function fromServices(
  { telemetry, plan, nowMs, ...place }: SeenBy,
  services: FlagServices,
): SeenTraffic | undefined {
  const environment = telemetry.environments.get(environmentKey(place));
  const concerned = recentTraffic(environment, nowMs).filter(({ service }) =>
    services.has(service),
  );
  const busiest = concerned.toSorted((one, other) => other.unitsPerSecond - one.unitsPerSecond)[0];
  if (busiest === undefined || busiest.units === 0) return undefined;
  const rates: Record<string, number> = {};
  const units: Record<string, number> = {};
  for (const { metric, kind, role, horizonIndex } of hypothesesOf(plan)) {
    if (role !== 'guardrail' || horizonIndex !== 0 || kind === 'slow') continue;
    const { count, bad } = sumOf(concerned, metric);
    if (count === 0) continue;
    // Of a metric that may not get rarer the bad outcome is not to happen; others that are tracked are bad.
    const tracked = kind === 'missing' ? busiest.units - count : count;
    const events = metric.startsWith('http.') ? bad : tracked;
    rates[metric] = Math.min(1, Math.max(events, 0.5) / busiest.units);
    units[metric] = busiest.units;
  }
  return { unitsPerSecond: busiest.unitsPerSecond, rates, units };
}

function sumOf(services: readonly RecentTraffic[], metric: string) {
  let count = 0;
  let bad = 0;
  for (const { metrics } of services) {
    count += metrics.get(metric)?.count ?? 0;
    bad += metrics.get(metric)?.bad ?? 0;
  }
  return { count, bad };
}
