import { startedMetrics } from '../../metric/started-metrics.ts';
import type { Metric } from '../../metric/types.ts';
import type { CountedSource } from '../../metric/source.ts';
import { tellsArms } from '../../source/query.ts';
import type { Guardrail, Plan, SuccessCriterion } from '../../plan/types.ts';
import { metricHorizons } from './horizons.ts';

/**
 * One claim judged on its own: a guardrail, signal or success criterion at one horizon.
 *
 * How a unit's outcomes become 0 or 1 (`kind`). What a unit «did» its metric says: an outcome at all, every
 * step of a funnel, or coming back (`unit-figure.ts`):
 * - `bad`: any outcome with a value of 1 or more within the horizon (`http.error_rate`, tracked
 *   metrics that may not get more frequent).
 * - `slow`: the slowest request within the horizon lies in a bucket above the frozen one. A unit
 *   without a request counts as not slow, in the baseline as well, so both shares are of all units.
 * - `missing`: the unit did NOT do within the horizon what may not get rarer. A success rate may fall
 *   from s to s(1 - r) - a; in failures p = 1 - s that is p_T <= (1 - r) p_C + r + a.
 * - `mean`: no 0 or 1, but the unit's value within the horizon; the means of the arms are compared.
 * - `requests`: no units, but events per request as a source counts them.
 * - `done`: the unit did within the horizon what a success criterion counts.
 */
export interface Hypothesis {
  /** `http.latency:p99@60000`: metric, quantile, horizon in ms. */
  readonly id: string;
  readonly metric: string;
  readonly role: 'guardrail' | 'signal' | 'success';
  readonly kind: 'bad' | 'slow' | 'missing' | 'done' | 'mean' | 'requests';
  readonly guardrail: Guardrail;
  /** As frozen with the start; absent in rollouts of releases that knew metrics by their names alone. */
  readonly definition?: Metric;
  readonly horizonMs: number;
  /** Among the horizons of this claim: 0 is its shortest, and of a metric with its own window the only one. */
  readonly horizonIndex: number;
  /** Guardrail's weight divided by the number of its horizons. */
  readonly weight: number;
  /** Judged by requests that a source counts, or by its one value per arm and batch: units are not known. */
  readonly byRequest?: 'requests' | 'value';
}

const LATENCY = 'http.latency';

/** Plans are never changed, only replaced: what follows from one is worked out once. */
const KNOWN = new WeakMap<Plan, readonly Hypothesis[]>();

/** Guardrails, signals and success criteria, each at every horizon: the fixed order of all absorption. */
export function hypothesesOf(plan: Plan): readonly Hypothesis[] {
  let hypotheses = KNOWN.get(plan);
  if (hypotheses === undefined) KNOWN.set(plan, (hypotheses = claimsOf(plan)));
  return hypotheses;
}

function claimsOf(plan: Plan): Hypothesis[] {
  const taken = new Set<string>();
  return [
    ...plan.guardrails.map((guardrail) => ({ guardrail, role: 'guardrail' as const })),
    ...plan.signals.map((guardrail) => ({ guardrail, role: 'signal' as const })),
    ...plan.success.map((criterion) => ({
      guardrail: asGuardrail(criterion),
      role: 'success' as const,
    })),
  ].flatMap((claim) => atHorizons(plan, claim, taken));
}

/** `http.latency:p99`; what people call a guardrail, without its horizon. */
export function guardrailName(guardrail: Pick<Guardrail, 'metric' | 'quantile'>): string {
  if (guardrail.quantile === undefined) return guardrail.metric;
  return `${guardrail.metric}:p${Number((guardrail.quantile * 100).toFixed(4))}`;
}

/** Where the buckets of a metric at a horizon are kept. */
export function latencyKey(metric: string, horizonMs: number): string {
  return `${metric}@${horizonMs}`;
}

/** The metrics whose outcomes a rollout keeps: guardrails, signals and success criteria. */
export function metricsOf(plan: Plan): string[] {
  return [
    ...new Set([...plan.guardrails, ...plan.signals, ...plan.success].map(({ metric }) => metric)),
  ];
}

/** Their numbers within the rollout. */
export function metricIndex(plan: Plan): ReadonlyMap<string, number> {
  return new Map(metricsOf(plan).map((metric, index) => [metric, index]));
}

function atHorizons(
  plan: Plan,
  { guardrail, role }: Pick<Hypothesis, 'guardrail' | 'role'>,
  taken: Set<string>,
): Hypothesis[] {
  const source = startedMetrics(plan)?.get(guardrail.metric)?.source;
  if (source !== undefined && source.type !== 'sdk') {
    // What is of the whole service compares nothing: its error budget alone is looked at.
    return tellsArms(source) ? [byRequest({ guardrail, role }, source, taken)] : [];
  }
  const horizonsMs = metricHorizons(plan, guardrail.metric);
  const definition = startedMetrics(plan)?.get(guardrail.metric);
  return horizonsMs.map((horizonMs, horizonIndex) => ({
    id: freeId(`${guardrailName(guardrail)}@${horizonMs}`, role, taken),
    metric: guardrail.metric,
    role,
    kind: kindOf({ guardrail, role }, definition),
    guardrail,
    ...(definition === undefined ? {} : { definition }),
    horizonMs,
    horizonIndex,
    weight: guardrail.weight / horizonsMs.length,
  }));
}

/** Requests are counted when they happen: there is one horizon, of nothing. */
function byRequest(
  { guardrail, role }: Pick<Hypothesis, 'guardrail' | 'role'>,
  source: CountedSource,
  taken: Set<string>,
): Hypothesis {
  return {
    id: freeId(`${guardrailName(guardrail)}@requests`, role, taken),
    metric: guardrail.metric,
    role,
    kind: 'requests',
    guardrail,
    horizonMs: 0,
    horizonIndex: 0,
    weight: guardrail.weight,
    byRequest: 'queries' in source && 'value' in source.queries ? 'value' : 'requests',
  };
}

/** A signal may look at a guardrail's metric with another margin; its id then says that it is the signal. */
function freeId(id: string, role: Hypothesis['role'], taken: Set<string>): string {
  let free = id;
  while (taken.has(free)) free = `${free}~${role}`;
  taken.add(free);
  return free;
}

function asGuardrail({ metric, better, by }: SuccessCriterion): Guardrail {
  const worse = better === 'higher' ? 'lower' : 'higher';
  return { metric, worse, margin: { relative: by.relative, absolute: 0 }, weight: 1 };
}

function kindOf(
  { guardrail, role }: Pick<Hypothesis, 'guardrail' | 'role'>,
  definition: Metric | undefined,
): Hypothesis['kind'] {
  const { metric, quantile, worse = 'higher' } = guardrail;
  if (definition?.kind === 'mean') return 'mean';
  if (role === 'success') return 'done';
  if (metric === LATENCY || quantile !== undefined) return 'slow';
  return worse === 'lower' ? 'missing' : 'bad';
}
