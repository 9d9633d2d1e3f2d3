import { stirlingRemainder } from '../special/log-gamma.ts';
import { entropyGap } from '../special/entropy-gap.ts';

export interface DirichletInput {
  /** Units so far, per arm. */
  readonly counts: readonly number[];
  /** The claimed shares, per arm; they sum to 1. */
  readonly shares: readonly number[];
  /** Parameters of the Dirichlet prior, per arm, each above 0. */
  readonly prior: readonly number[];
}

/**
 * ln of the e-value that units are not split by `shares`: a Dirichlet mixture of multinomials against the
 * claimed one, an e-process in the cumulative counts (Lindon and Malek 2020). With alpha the prior, n the
 * counts and k, N their sums it is
 * ln B(alpha + n) - ln B(alpha) - sum n_i ln share_i, where B is the multivariate Beta function.
 * By Stirling's formula its large parts join to (k + N) sum share_i g(x_i) with g(x) = (1+x) ln(1+x) - x
 * and x_i how far arm i is off its share, relatively: nothing of order N is left to cancel.
 */
export function dirichletLogE({ counts, shares, prior }: DirichletInput): number {
  const priorSum = sum(prior);
  const units = sum(counts);
  const total = priorSum + units;
  let log = 0.5 * Math.log1p(units / priorSum);
  log -= stirlingRemainder(total) - stirlingRemainder(priorSum);
  for (let arm = 0; arm < counts.length; arm += 1) {
    const count = counts[arm] ?? 0;
    const share = shares[arm] ?? 0;
    const weight = prior[arm] ?? 0;
    const priorOff = weight - priorSum * share;
    const off = count - units * share + priorOff;
    log += total * share * entropyGap(off / (total * share));
    log -= priorSum * share * entropyGap(priorOff / (priorSum * share));
    log -= 0.5 * Math.log1p(count / weight);
    log += stirlingRemainder(weight + count) - stirlingRemainder(weight);
  }
  return log;
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
