import { zeta } from '../special/zeta.ts';

/** Epochs of the stitched boundaries grow by this factor. */
const EPOCH = 2;
/** How the error is shared among epochs: epoch k gets a share proportional to (k + 1)^-1.4. */
const DECAY = 1.4;
const K1 = (EPOCH ** 0.25 + EPOCH ** -0.25) / Math.SQRT2;
const K2 = (Math.sqrt(EPOCH) + 1) / 2;

/**
 * A closed-form boundary for sub-gamma sums of scale `c`, growing like sqrt(v log log v): wider than a
 * mixture near one time, tighter in the long run. Uniform over all variances from `leastVariance` on.
 * Source: Howard et al. 2021, stitched boundaries with the polynomial stitching function.
 */
export function polynomialStitchingBound(
  variance: number,
  { alpha, leastVariance, scale }: { alpha: number; leastVariance: number; scale: number },
): number {
  const used = Math.max(variance, leastVariance);
  const level =
    DECAY * Math.log(Math.log((EPOCH * used) / leastVariance)) +
    Math.log(zeta(DECAY) / (alpha * Math.log(EPOCH) ** DECAY));
  const linear = K2 * scale * level;
  return Math.sqrt(K1 * K1 * used * level + linear * linear) + linear;
}

/**
 * How far the number of values at or below the p-quantile can rise above p t, for every t >= 1 and every
 * p at once: a band around all quantiles that narrows in the tails. `sharpestAt` is the number of values
 * where it is best. Source: Howard and Ramdas, "Sequential estimation of quantiles with applications to
 * A/B testing and best-arm identification", Bernoulli 2022, the doubly stitched bound.
 */
export function doubleStitchingBound(
  p: number,
  { count, alpha, sharpestAt }: { count: number; alpha: number; sharpestAt: number },
): number {
  const delta = 0.5;
  const used = Math.max(count, sharpestAt);
  const epochs = used / sharpestAt;
  const logit = Math.log(p / (1 - p));
  const spread = 2 * delta * Math.sqrt(EPOCH / epochs);
  const r = p >= 0.5 ? p : Math.min(0.5, 1 / (1 + Math.exp(-logit - spread)));
  const variance = r * (1 - r);
  const gridStep = (Math.sqrt(epochs) * Math.abs(logit)) / (2 * delta) + 1;
  const z = zeta(DECAY);
  const level =
    DECAY * Math.log(Math.log(EPOCH * epochs)) +
    DECAY * Math.log(gridStep) +
    Math.log((2 * z * (2 * z + 1)) / (alpha * Math.log(EPOCH) ** DECAY));
  const linear = K2 * ((1 - 2 * p) / 3) * level;
  return (
    delta * Math.sqrt(EPOCH * epochs * variance) +
    Math.sqrt(K1 * K1 * variance * used * level + linear * linear) +
    linear
  );
}
