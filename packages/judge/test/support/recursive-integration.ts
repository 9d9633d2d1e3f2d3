import { bisect } from '../../src/special/bisect.ts';
import { normalCdf } from '../../src/special/normal.ts';

/**
 * The density of a Brownian motion that has not left its corridor yet, on Simpson's grid. Carried from look
 * to look by numerical integration (Armitage, McPherson, Rowe 1969): the reference for repeated tests.
 */
interface Corridor {
  readonly time: number;
  readonly lower: number;
  readonly step: number;
  /** Density x Simpson weight. */
  readonly mass: Float64Array;
}

const START: Corridor = { time: 0, lower: 0, step: 0, mass: Float64Array.of(1) };

/** Probability that |Z| exceeds `z` at one of `looks` equally spaced looks, without any effect. */
export function crossingProbability(z: number, looks: number): number {
  return leavingProbability(Array.from({ length: looks }, (_, look) => z * Math.sqrt(look + 1)));
}

/** Probability that a sum of standard normal steps is ever outside +-edges[k] after step k + 1. */
export function leavingProbability(edges: readonly number[]): number {
  let corridor = START;
  for (const [look, edge] of edges.entries()) {
    corridor = carry(corridor, { time: look + 1, lower: -edge, upper: edge });
  }
  return 1 - corridor.mass.reduce((sum, mass) => sum + mass, 0);
}

/** The constant z that keeps `alpha` over equally spaced looks. */
export function constantBound(alpha: number, looks: number): number {
  let [low, high] = [1, 5];
  while (high - low > 1e-5) {
    const middle = (low + high) / 2;
    if (crossingProbability(middle, looks) > alpha) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Upper bounds z_k that spend `spent(t_k)` of alpha by information fraction t_k, one-sided. */
export function spendingBounds(
  fractions: readonly number[],
  spent: (fraction: number) => number,
): number[] {
  const bounds: number[] = [];
  let corridor = START;
  let before = 0;
  for (const time of fractions) {
    const spend = spent(time) - before;
    const deviation = Math.sqrt(time - corridor.time);
    const edge = bisect((upper) => exitMass(corridor, upper, deviation) - spend, {
      low: 0,
      high: 8 * Math.sqrt(time),
    });
    bounds.push(edge / Math.sqrt(time));
    corridor = carry(corridor, { time, lower: -8 * Math.sqrt(time), upper: edge });
    before = spent(time);
  }
  return bounds;
}

function exitMass({ lower, step, mass }: Corridor, upper: number, deviation: number): number {
  let total = 0;
  for (let i = 0; i < mass.length; i += 1) {
    total += (mass[i] ?? 0) * normalCdf((lower + i * step - upper) / deviation);
  }
  return total;
}

function carry(from: Corridor, to: { time: number; lower: number; upper: number }): Corridor {
  const deviation = Math.sqrt(to.time - from.time);
  // Eight points per standard deviation of a step; an even number of intervals for Simpson's rule.
  const intervals = 2 * Math.max(40, Math.ceil((4 * (to.upper - to.lower)) / deviation));
  const step = (to.upper - to.lower) / intervals;
  const mass = new Float64Array(intervals + 1);
  for (let i = 0; i <= intervals; i += 1) {
    const weight = (i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2) * (step / 3);
    mass[i] = weight * densityAt(from, to.lower + i * step, deviation);
  }
  return { time: to.time, lower: to.lower, step, mass };
}

function densityAt({ lower, step, mass }: Corridor, x: number, deviation: number): number {
  // Beyond nine standard deviations nothing reaches x.
  const reach = step === 0 ? mass.length : (9 * deviation) / step;
  const centre = step === 0 ? 0 : (x - lower) / step;
  const first = Math.max(0, Math.floor(centre - reach));
  const last = Math.min(mass.length - 1, Math.ceil(centre + reach));
  let total = 0;
  for (let i = first; i <= last; i += 1) {
    const z = (x - lower - i * step) / deviation;
    total += (mass[i] ?? 0) * Math.exp(-0.5 * z * z);
  }
  return total / (deviation * Math.sqrt(2 * Math.PI));
}
