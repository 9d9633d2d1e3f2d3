import { logFactor, type Null } from '../betting/bet.ts';
import { HARM_MIXTURE, NON_INFERIORITY_MIXTURE } from '../betting/mixtures.ts';
import { logE } from '../betting/process.ts';
import type { Mixture } from '../betting/types.ts';
import { JudgeInputError } from '../error/judge-input-error.ts';
import { requirePositive } from '../error/require-figure.ts';
import { requireAtLeast } from '../error/require.ts';

/** Events worth of belief in the historical rate when control's rate is predicted. */
const PRIOR_EVENTS = 2;

/** Events of one arm in one batch, and what they came from: seconds, requests, or units with capped sums. */
export interface ArmEvents {
  readonly exposure: number;
  readonly events: number;
}

export interface EventBatch {
  readonly treatment: ArmEvents;
  readonly control: ArmEvents;
}

/**
 * An e-process on rates of events: the null is rate_T <= ratio rate_C + excess for `harm`, and >= for
 * `nonInferiority`; `excess` in events per exposure. Plain data.
 */
export interface RateProcess {
  readonly claim: 'harm' | 'nonInferiority';
  readonly null: Null;
  readonly baselineRate: number;
  control: { exposure: number; events: number };
  readonly logCells: number[];
}

/**
 * `baselineRate` is control's rate before the rollout, in events per exposure, above 0 (where nothing was
 * seen, one event in all the baseline's exposure will do): it only steers the bets.
 * Errors: `number_out_of_range`.
 */
export function createRateProcess(options: {
  readonly claim: RateProcess['claim'];
  readonly null: Null;
  readonly baselineRate: number;
}): RateProcess {
  requirePositive('null.ratio', options.null.ratio);
  requireAtLeast('null.excess', options.null.excess, 0);
  requirePositive('baselineRate', options.baselineRate);
  return {
    claim: options.claim,
    null: { ratio: options.null.ratio, excess: options.null.excess },
    baselineRate: options.baselineRate,
    control: { exposure: 0, events: 0 },
    logCells: mixtureOf(options.claim).multipliers.map(() => 0),
  };
}

/**
 * Multiplies a closed batch in. Exact for Poisson counts, whatever control's rate does from batch to batch,
 * and for sums over units of outcomes capped to [0, 1] with units as exposure (`cappedOutcome`). Events that
 * come in clusters break it: see `overdispersion`. A batch with an arm without exposure is skipped.
 */
export function absorbEvents(process: RateProcess, batch: EventBatch): void {
  for (const arm of ['treatment', 'control'] as const) {
    requireAtLeast(`${arm}.exposure`, batch[arm].exposure, 0);
    requireAtLeast(`${arm}.events`, batch[arm].events, 0);
  }
  multiply(process, batch);
  process.control.exposure += batch.control.exposure;
  process.control.events += batch.control.events;
}

/** Events of both arms where only the configured share of treatment is known, not the exposures. */
export interface ShareBatch {
  /** Share of exposure in treatment, inside 0 and 1, the same throughout the batch. */
  readonly share: number;
  readonly treatmentEvents: number;
  readonly controlEvents: number;
}

/**
 * The same from totals and the configured share: r = share / (1 - share). Only for nulls without an excess,
 * which needs exposures. Holds while the share is met: watch the sample ratio beside it.
 * Source: Lindon and Malek, "Anytime-valid inference for multinomial count data", 2022.
 */
export function absorbEventTotals(process: RateProcess, batch: ShareBatch): void {
  if (process.null.excess !== 0) {
    throw new JudgeInputError(
      'exposure_needed',
      'null.excess',
      `null.excess is ${process.null.excess}; 0 is accepted where exposures are not known`,
    );
  }
  requirePositive('share', batch.share);
  requirePositive('1 - share', 1 - batch.share);
  requireAtLeast('treatmentEvents', batch.treatmentEvents, 0);
  requireAtLeast('controlEvents', batch.controlEvents, 0);
  multiply(process, {
    treatment: { exposure: batch.share, events: batch.treatmentEvents },
    control: { exposure: 1 - batch.share, events: batch.controlEvents },
  });
}

/**
 * Natural logarithm of the e-value; it refutes the null at level alpha once it reaches ln(1 / alpha). With
 * `eventsPerCount` above 1 so many events count as one: every alternative's logarithm is divided by it before
 * they are averaged. For clusters of exactly that many events the factors are then those of their number.
 */
export function rateLogE({ claim, logCells }: RateProcess, eventsPerCount = 1): number {
  const cells = eventsPerCount === 1 ? logCells : logCells.map((cell) => cell / eventsPerCount);
  return logE({ logCells: cells }, mixtureOf(claim));
}

function multiply(process: RateProcess, { treatment, control }: EventBatch): void {
  const counts = {
    treatment: { units: treatment.exposure, bad: treatment.events },
    control: { units: control.exposure, bad: control.events },
  };
  const controlRate = predictedRate(process);
  for (const [cell, multiplier] of mixtureOf(process.claim).multipliers.entries()) {
    const factor = logFactor(counts, { null: process.null, multiplier, controlRate });
    process.logCells[cell] = (process.logCells[cell] ?? 0) + factor;
  }
}

function predictedRate({ control, baselineRate }: RateProcess): number {
  return (control.events + PRIOR_EVENTS) / (control.exposure + PRIOR_EVENTS / baselineRate);
}

function mixtureOf(claim: RateProcess['claim']): Mixture {
  return claim === 'harm' ? HARM_MIXTURE : NON_INFERIORITY_MIXTURE;
}
