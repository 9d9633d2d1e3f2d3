import { latencyBucketUpperEdgeMs } from '@downhaul/engine';
import type { Plan } from '../../plan/types.ts';
import { hypothesesOf } from '../../telemetry/rollout/hypotheses.ts';
import { DEFAULT_TELEMETRY_OPTIONS } from '../../telemetry/options.ts';
import type { Figure, LatencyModel, ServiceModel } from './types.ts';

/** Where nobody has measured anything: what is taken, and said to be taken. */
const ASSUMED = {
  unitsPerSecond: 10,
  errorRate: 0.001,
  /** Of a metric that may not get rarer: how often it does not happen. */
  missingRate: 0.7,
  audienceShare: 0.01,
  medianMs: 100,
  sigma: 0.8,
  delayMs: 1_000,
};

/** What a caller knows; the rest is assumed. */
export interface KnownService {
  readonly unitsPerSecond?: Figure;
  readonly daySwing?: Figure;
  readonly returningShare?: Figure;
  readonly audienceShare?: Figure;
  readonly rates?: Readonly<Record<string, Figure>>;
  readonly latency?: LatencyModel;
  readonly timing?: Partial<ServiceModel['timing']>;
}

/** The service of a rehearsal of this plan: what is known, and for everything else an assumption that says so. */
export function assumeService(plan: Plan, known: KnownService = {}): ServiceModel {
  const { graceMs, reportIntervalMs } = DEFAULT_TELEMETRY_OPTIONS;
  return {
    unitsPerSecond: known.unitsPerSecond ?? assumed(ASSUMED.unitsPerSecond),
    daySwing: known.daySwing ?? assumed(0),
    returningShare: known.returningShare ?? assumed(0),
    audienceShare: known.audienceShare ?? assumed(ASSUMED.audienceShare),
    rates: ratesOf(plan, known.rates ?? {}),
    latency: known.latency ?? assumedLatency(),
    timing: { graceMs, reportIntervalMs, delayMs: ASSUMED.delayMs, ...known.timing },
  };
}

function ratesOf(
  plan: Plan,
  known: Readonly<Record<string, Figure>>,
): Readonly<Record<string, Figure>> {
  const rates: Record<string, Figure> = {};
  for (const { metric, kind } of hypothesesOf(plan)) {
    if (kind === 'slow') continue;
    const usual = kind === 'missing' ? ASSUMED.missingRate : ASSUMED.errorRate;
    rates[metric] ??= known[metric] ?? assumed(kind === 'done' ? 1 - ASSUMED.missingRate : usual);
  }
  return rates;
}

/** Lognormal, median 100 ms: p95 at 370 ms and p99 at 640 ms. */
function assumedLatency(): LatencyModel {
  const { medianMs, sigma } = ASSUMED;
  const shares: number[] = [];
  let below = 0;
  for (let bucket = 0; below < 1 - 1e-9; bucket++) {
    const edgeMs = latencyBucketUpperEdgeMs(bucket);
    const through = Number.isFinite(edgeMs) ? normalBelow(Math.log(edgeMs / medianMs) / sigma) : 1;
    shares.push(Math.max(0, through - below));
    below = Math.max(below, through);
  }
  return { shares, known: 'assumed' };
}

/** P(Z < z); off by less than 1e-7 (Abramowitz and Stegun 26.2.17). */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z >= 0 ? 1 - tail : tail;
}

function assumed(value: number): Figure {
  return { value, known: 'assumed' };
}
