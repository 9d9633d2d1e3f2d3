import { requireInside } from '../error/require-figure.ts';
import { requireAlpha, requireAtLeast } from '../error/require.ts';
import type { LatencyHistogram, LatencyScale } from '../latency/frozen-threshold.ts';
import { leastPoint } from '../special/bisect.ts';
import { betaBinomialMixture } from '../uniform/beta-binomial-mixture.ts';
import { type Cumulative, cumulate } from './cumulative.ts';

export interface QuantileComparison {
  readonly treatment: LatencyHistogram;
  readonly control: LatencyHistogram;
  readonly scale: LatencyScale;
  /** The quantile, such as 0.99. */
  readonly quantile: number;
  /** Q_T is compared with (1 + relativeMargin) Q_C. */
  readonly relativeMargin: number;
  /**
   * `harm` refutes Q_T <= (1 + margin) Q_C, `nonInferiority` refutes >=, and `difference` refutes equality.
   */
  readonly claim: 'harm' | 'nonInferiority' | 'difference';
  readonly alpha: number;
  /** Values per arm at which the test is sharpest; fixed in advance. */
  readonly sharpestAt: number;
}

export interface QuantileEvidence {
  readonly logE: number;
  readonly limit: number;
  readonly refuted: boolean;
  /** 1 / e, at most 1: a p-value that is right at every look. */
  readonly p: number;
}

/**
 * Compares a quantile of both arms by two e-processes on where it lies: were it at x, the share of control's
 * values up to x and that of treatment's up to (1 + margin) x would both be the quantile. The evidence is
 * that against the most favourable x. Within a bucket the least evidence is taken, so the bucket width
 * costs power but no validity. Source: Howard and Ramdas, Bernoulli 2022, theorem 5.
 *
 * Assumes that values are drawn alike over time: stratify by stage, and decide by a frozen threshold where
 * the mix changes over the day. Throws `JudgeInputError`.
 */
export function compareQuantiles(input: QuantileComparison): QuantileEvidence {
  requireInput(input);
  const limit = -Math.log(input.alpha);
  const arms = {
    treatment: cumulate(input.treatment, 'treatment'),
    control: cumulate(input.control, 'control'),
  };
  if (arms.treatment.count === 0 || arms.control.count === 0) {
    return { logE: 0, limit, refuted: false, p: 1 };
  }
  const logE = leastEvidence(input, arms);
  return { logE, limit, refuted: logE >= limit, p: Math.min(1, Math.exp(-logE)) };
}

function requireInput(input: QuantileComparison): void {
  requireInside('quantile', input.quantile);
  requireAtLeast('relativeMargin', input.relativeMargin, 0);
  requireAlpha('alpha', input.alpha);
  requireAtLeast('sharpestAt', input.sharpestAt, 1);
}

function leastEvidence(
  input: QuantileComparison,
  arms: { readonly treatment: Cumulative; readonly control: Cumulative },
): number {
  const { claim } = input;
  const againstTreatment = evidenceOf(input, arms.treatment, directionOf(claim, 'treatment'));
  const againstControl = evidenceOf(input, arms.control, directionOf(claim, 'control'));
  const last = Math.max(arms.treatment.lastBucket, arms.control.lastBucket) + 1;
  let least = Infinity;
  for (let bucket = 0; bucket <= last; bucket += 1) {
    const scaled = scaledBuckets(input, bucket);
    const evidence =
      againstControl({ from: arms.control.upTo(bucket - 1), to: arms.control.upTo(bucket) }) +
      againstTreatment({
        from: arms.treatment.upTo(scaled.low - 1),
        to: arms.treatment.upTo(scaled.high),
      });
    if (evidence < least) least = evidence;
  }
  return least;
}

/** The buckets that (1 + margin) x can be in for x in this one; rounding errors of an edge are no bucket. */
function scaledBuckets({ scale, relativeMargin }: QuantileComparison, bucket: number) {
  if (relativeMargin === 0) return { low: bucket, high: bucket };
  const factor = 1 + relativeMargin;
  const low =
    bucket === 0 ? 0 : scale.bucketOf(scale.upperEdgeMs(bucket - 1) * factor * (1 + 1e-12));
  return { low, high: scale.bucketOf(scale.upperEdgeMs(bucket) * factor * (1 - 1e-12)) };
}

/** Whether many or few of an arm's values up to x speak against x. */
type Direction = 'few' | 'many' | 'both';

function directionOf(claim: QuantileComparison['claim'], arm: 'treatment' | 'control'): Direction {
  if (claim === 'difference') return 'both';
  return (claim === 'harm') === (arm === 'treatment') ? 'few' : 'many';
}

/** Counts of values up to x that x may have, given its bucket. */
interface CountRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The least log evidence of an arm against a range of counts. The mixture is convex in the count, so its
 * least value in a range is at the count nearest to its overall bottom.
 */
function evidenceOf(
  { quantile: p, alpha, sharpestAt }: QuantileComparison,
  { count }: Cumulative,
  direction: Direction,
): (range: CountRange) => number {
  const few = direction === 'few';
  const variance = p * (1 - p) * count;
  const mixture = betaBinomialMixture({
    below: few ? 1 - p : p,
    above: few ? p : 1 - p,
    atVariance: p * (1 - p) * sharpestAt,
    alpha,
    sides: direction === 'both' ? 'two' : 'one',
  });
  const at = (seen: number) => mixture.logE(few ? p * count - seen : seen - p * count, variance);
  const bottom = few ? count : direction === 'many' ? 0 : leastPoint(at, { low: 0, high: count });
  const known = new Map<number, number>();
  return ({ from, to }) => {
    const seen = Math.min(Math.max(bottom, from), to);
    const before = known.get(seen);
    if (before !== undefined) return before;
    const evidence = at(seen);
    known.set(seen, evidence);
    return evidence;
  };
}
