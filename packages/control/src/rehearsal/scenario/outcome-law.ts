import type { Hypothesis } from '../../telemetry/rollout/hypotheses.ts';
import type { LatencyLaw } from '../service/latency-law.ts';
import { type Moment, strengthAt } from './onset.ts';
import type { Effect } from './types.ts';

/** Chances that a unit is bad under one hypothesis. */
export interface OutcomeChances {
  readonly treatment: number;
  readonly control: number;
}

/** What the chances depend on, beside the scenario. */
interface OutcomeTerms {
  readonly effects: readonly Effect[];
  readonly at: Moment;
}

/**
 * Chances of a bad outcome for a rate. Of a metric that may not get rarer, and of a success criterion,
 * the change is that of the success: `x0.8` and `-20%` make it rarer.
 */
export function rateChances(
  kind: Hypothesis['kind'],
  rate: number,
  { effects, at }: OutcomeTerms,
): OutcomeChances {
  return chancesOf(effects, at, (arm) => {
    let chance = rate;
    for (const { effect, weight } of arm) {
      chance += weight * (changedRate(kind, chance, effect) - chance);
    }
    return Math.min(1, Math.max(0, chance));
  });
}

/** Chances to be slower than `thresholdMs`. */
export function slowChances(
  thresholdMs: number,
  law: LatencyLaw,
  { effects, at }: OutcomeTerms,
): OutcomeChances {
  const usual = law.slower(thresholdMs);
  return chancesOf(effects, at, (arm) => {
    let chance = usual;
    for (const { effect, weight } of arm) {
      chance += weight * (changedTail(thresholdMs, law, effect) - usual);
    }
    return Math.min(1, Math.max(0, chance));
  });
}

interface Weighted {
  readonly effect: Effect;
  /** The share of units that it reaches now. */
  readonly weight: number;
}

function chancesOf(
  effects: readonly Effect[],
  at: Moment,
  chanceOf: (arm: readonly Weighted[]) => number,
): OutcomeChances {
  const weighted = effects.map((effect) => ({
    effect,
    weight: effect.reach * strengthAt(effect.onset, at),
  }));
  const share = at.sharePerMillion / 1_000_000;
  const shared = weighted
    .filter(({ effect }) => effect.shared)
    .map(({ effect, weight }) => ({ effect, weight: weight * share }));
  const own = weighted.filter(({ effect }) => !effect.shared);
  return { treatment: chanceOf([...own, ...shared]), control: chanceOf(shared) };
}

function changedRate(kind: Hypothesis['kind'], rate: number, { change }: Effect): number {
  switch (change.kind) {
    case 'times':
      return kind === 'missing'
        ? 1 - Math.min(1, (1 - rate) * change.factor)
        : Math.min(1, rate * change.factor);
    case 'hit':
      return kind === 'done' ? rate * (1 - change.share) : rate + (1 - rate) * change.share;
    case 'slow':
      return rate;
  }
}

function changedTail(thresholdMs: number, { slower }: LatencyLaw, { change }: Effect): number {
  const usual = slower(thresholdMs);
  switch (change.kind) {
    case 'times':
      return change.factor === 0 ? 0 : slower(thresholdMs / change.factor);
    case 'hit':
      return usual + (1 - usual) * change.share;
    case 'slow': {
      const later = thresholdMs < change.byMs ? 1 : slower(thresholdMs - change.byMs);
      return usual + change.share * (later - usual);
    }
  }
}
