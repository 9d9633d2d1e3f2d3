import { logFactor } from '../betting/bet.ts';
import { HARM_MIXTURE } from '../betting/mixtures.ts';
import { requireAtLeast, requireShare } from '../error/require.ts';
import { type LimitBatch, requireLimitBatch } from '../limit/log-limit-factor.ts';
import { logSumExp } from '../special/log-sum-exp.ts';

/** At most so many batches behind a change of the share are compared with those before it. */
export const BATCHES_AFTER = 15;

/**
 * Fewer where they lead to expect so many bad outcomes: what the share does shows at once, and the shorter the
 * window, the less often an incident of the service happens to begin in it.
 */
const ENOUGH_EXPECTED = 150;

/** Batches before the change that each of them is compared with: the past may be known better. */
const BEFORE_PER_AFTER = 2;
const BATCHES_BEFORE = BATCHES_AFTER * BEFORE_PER_AFTER;

/** So many times likelier to have begun at another time: then it did. */
const ELSEWHERE_RATIO = 20;

/** Bad outcomes of the whole service in one batch, and how many its limit would allow. */
interface ServiceBatch {
  readonly allowed: number;
  readonly bad: number;
}

/**
 * Evidence that the rate of the whole service moves with the share: up when it is raised, down when it is
 * lowered. Each change compares the batches around it, nearest first. Bounded, plain data.
 */
export interface ShareProcess {
  /** How much the rate may move by itself: the rate at the larger share is at most this times the other. */
  readonly tolerance: number;
  share: number;
  /** The last batches at the present share, the newest last. */
  recent: ServiceBatch[];
  change: ShareChange | null;
  /** Changes of the share so far. */
  changes: number;
  /** Over the changes that others followed: ln of the product of their e-values. */
  logProduct: number;
  /** And ln of their weighted sum; null before the first. */
  logSum: number | null;
}

interface ShareChange {
  readonly raised: boolean;
  /** Batches before the change that are still to be compared, the nearest last. */
  readonly before: ServiceBatch[];
  /** Bad outcomes to expect in the compared batches behind the change so far, at the rate before it. */
  expectedAfter: number;
  /** The rate before the change relative to its limits; at most 1. */
  readonly rateBefore: number;
  readonly logCells: number[];
  /** What was seen around the change, in order: the batches before it, and those behind it that were compared. */
  readonly around: ServiceBatch[];
  /** How many of them were before it. */
  readonly changedAt: number;
}

/**
 * Starts at the share before the rollout, 0. `tolerance` is at least 1: what the rate over its limit may
 * wander within half an hour by itself, such as 1.1. Errors: `number_out_of_range`.
 */
export function createShareProcess(tolerance: number): ShareProcess {
  requireAtLeast('tolerance', tolerance, 1);
  return {
    tolerance,
    share: 0,
    recent: [],
    change: null,
    changes: 0,
    logProduct: 0,
    logSum: null,
  };
}

/**
 * Takes in a closed batch of the whole service, every unit that was seen whatever its arm, with the share that
 * was in force and the rate that the baseline allows at that time of day; rates are compared relative to
 * it. A batch without units is skipped. Throws `JudgeInputError`, and then changes nothing.
 */
export function absorbService(
  process: ShareProcess,
  batch: LimitBatch & { readonly share: number },
): void {
  requireShare('share', batch.share);
  requireLimitBatch(batch);
  if (batch.units === 0) return;
  if (batch.share !== process.share) beginChange(process, batch.share);
  const counts = { allowed: batch.units * batch.limit, bad: batch.bad };
  compareNearest(process, counts);
  process.recent.push(counts);
  if (process.recent.length > BATCHES_BEFORE) process.recent.shift();
}

/**
 * Natural logarithm of the e-value against "no change of the share moved the rate": half of it bets on every
 * change, half on a single one, change i with the weight 1 / (i (i + 1)).
 */
export function shareLogE({ change, changes, logProduct, logSum }: ShareProcess): number {
  const last = change === null ? 0 : logChange(change);
  const single = [-Math.log(changes + 1)];
  if (logSum !== null) single.push(logSum);
  if (change !== null) single.push(weightOf(changes) + last);
  return logSumExp([logProduct + last, logSumExp(single)]) - Math.LN2;
}

/** The evidence of the last change alone, by the same measure; 0 before the first. */
export function lastChangeLogE({ change }: ShareProcess): number {
  return change === null ? 0 : logChange(change);
}

/** True while batches around the last change of the share are still to be compared. */
export function isComparing({ change }: ShareProcess): boolean {
  if (change === null) return false;
  return change.before.length >= BEFORE_PER_AFTER && change.expectedAfter < ENOUGH_EXPECTED;
}

/** True where the last change was a raise, its batches are compared, and a bet on what it did is ahead. */
export function raiseSeemsToTell(process: ShareProcess): boolean {
  const { change } = process;
  return (
    change?.raised === true && !isComparing(process) && change.logCells.some((cell) => cell > 0)
  );
}

/**
 * Takes back what the last raise of the share seemed to do: for when the rate is as before while the share
 * still stands. Else an incident that began with a raise, and went, would have the next one, hours later,
 * called the raise's. Nothing happens while batches around the raise are still compared, nor where the share
 * was lowered, since then a rate as before is what the share did. Evidence that is lowered stays valid.
 */
export function forgetLastRaise(process: ShareProcess): void {
  const { change } = process;
  if (change === null || !raiseSeemsToTell(process)) return;
  for (const [cell, seen] of change.logCells.entries()) {
    if (seen > 0) change.logCells[cell] = 0;
  }
}

function beginChange(process: ShareProcess, share: number): void {
  if (process.change !== null) {
    const last = logChange(process.change);
    const weighted = weightOf(process.changes) + last;
    process.logProduct += last;
    process.logSum = process.logSum === null ? weighted : logSumExp([process.logSum, weighted]);
  }
  process.change = {
    raised: share > process.share,
    before: process.recent,
    expectedAfter: 0,
    rateBefore: rateOf(process.recent),
    logCells: HARM_MIXTURE.multipliers.map(() => 0),
    around: [...process.recent],
    changedAt: process.recent.length,
  };
  process.changes += 1;
  process.share = share;
  process.recent = [];
}

/**
 * One comparison as in the two-arm bet, with the batches at the larger share in treatment's place. Those
 * before the change were seen earlier, but no bet depends on them before they are compared.
 */
function compareNearest(process: ShareProcess, after: ServiceBatch): void {
  const { change, tolerance } = process;
  if (change === null || !isComparing(process)) return;
  change.expectedAfter += after.allowed * change.rateBefore;
  const nearest = change.before.splice(-BEFORE_PER_AFTER);
  const before = {
    units: nearest.reduce((sum, { allowed }) => sum + allowed, 0),
    bad: nearest.reduce((sum, { bad }) => sum + bad, 0),
  };
  change.around.push(after);
  const behind = { units: after.allowed, bad: after.bad };
  const pair = change.raised
    ? { treatment: behind, control: before }
    : { treatment: before, control: behind };
  for (const [cell, multiplier] of HARM_MIXTURE.multipliers.entries()) {
    // Without an excess the bet does not depend on the predicted rate.
    const input = { null: { ratio: tolerance, excess: 0 }, multiplier, controlRate: 1 };
    change.logCells[cell] = (change.logCells[cell] ?? 0) + logFactor(pair, input);
  }
}

/** All weights 1 / (i (i + 1)) sum to 1. */
function weightOf(change: number): number {
  return -Math.log(change * (change + 1));
}

/** What clearly began at another time counts for nothing; evidence that is lowered stays valid. */
function logChange(change: ShareChange): number {
  const seen = logSumExp(
    change.logCells.map((cell, index) => cell + Math.log(HARM_MIXTURE.weights[index] ?? 0)),
  );
  return seen > 0 && !beganWithChange(change) ? 0 : seen;
}

/**
 * Whether the shift may have begun at the change itself: of all places where the batches around it can be
 * parted into two rates (Poisson, each at its own rate), the change must not be `ELSEWHERE_RATIO` times less
 * likely than the best. What the share does begins with the share; an incident begins at any time.
 */
function beganWithChange({ raised, around, changedAt }: ShareChange): boolean {
  const whole = sumOf(around);
  let [allowed, bad, best, here] = [0, 0, 0, 0];
  for (const [index, batch] of around.entries()) {
    if (index > 0) {
      const before = { allowed, bad };
      const behind = { allowed: whole.allowed - allowed, bad: whole.bad - bad };
      const rises = before.bad * behind.allowed < behind.bad * before.allowed;
      const logLikelihood =
        rises === raised ? logPoisson(before) + logPoisson(behind) : logPoisson(whole);
      best = index === 1 ? logLikelihood : Math.max(best, logLikelihood);
      if (index === changedAt) here = logLikelihood;
    }
    allowed += batch.allowed;
    bad += batch.bad;
  }
  return best - here <= Math.log(ELSEWHERE_RATIO);
}

/** ln of the likelihood at the best rate, but for terms that no rate and no parting changes. */
function logPoisson({ allowed, bad }: ServiceBatch): number {
  return bad === 0 ? 0 : bad * Math.log(bad / allowed);
}

/** Limits may be far above what happens: half a bad outcome more keeps the rate above zero. */
function rateOf(batches: readonly ServiceBatch[]): number {
  const { allowed, bad } = sumOf(batches);
  return Math.min(1, (bad + 0.5) / (allowed + 0.5));
}

function sumOf(batches: readonly ServiceBatch[]): ServiceBatch {
  return batches.reduce(
    (sum, { allowed, bad }) => ({ allowed: sum.allowed + allowed, bad: sum.bad + bad }),
    { allowed: 0, bad: 0 },
  );
}
