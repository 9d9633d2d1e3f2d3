import { type Arm, type ExposureItem, unitHash } from '@downhaul/engine';
import type { EvaluationContext } from '@openfeature/server-sdk';
import type { Held } from '../snapshot/held.ts';
import type { MeasuredRollout } from './measured-rollout.ts';
import { LONGEST_REMEMBERED } from './seen-units.ts';

/** An evaluation that put a unit into an arm of a measured rollout. */
export interface Use {
  readonly held: Held;
  readonly rollout: MeasuredRollout;
  readonly allocation: number;
  readonly arm: Arm;
  /** False where a breaker or the leash served control to a unit of the treatment arm. */
  readonly served: boolean;
  readonly context: EvaluationContext;
  /** True in a scope of traffic that no person made. */
  readonly synthetic?: boolean;
}

/** Exposures of one report, no more than the limit. */
export class ExposureItems {
  readonly #limit: number;
  #items: ExposureItem[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#items.length >= this.#limit;
  }

  /** Takes the unit of a use if it is new at this stage. Returns false when it is and there is no room. */
  add(use: Use, nowMs: number): boolean {
    const { held, rollout, context } = use;
    const { seen } = use.synthetic === true ? rollout.synthetic : rollout.people;
    const unit = rollout.readUnit(context);
    // While a recovery is measured everyone is in the control arm; who has no unit cannot be told apart.
    if (unit === '') return true;
    const isShort = unit.length <= LONGEST_REMEMBERED;
    if (isShort && seen.has(unit)) return true;
    const hash = unitHash(held.snapshot.unitSalt, unit);
    if (!isShort && seen.has(hash)) return true;
    // Not remembered, so that a later use of the decision by this unit is reported.
    if (this.isFull) return false;
    seen.add(isShort ? unit : hash);
    this.#items.push(itemOf(use, hash, nowMs));
    return true;
  }

  /** Takes everything out. */
  drain(): ExposureItem[] {
    const drained = this.#items;
    this.#items = [];
    return drained;
  }
}

function itemOf(
  { rollout, allocation, arm, served, context, synthetic }: Use,
  unit: string,
  atMs: number,
): ExposureItem {
  const slices = rollout.readSlices(context);
  return {
    flag: rollout.flag,
    rollout: rollout.id,
    stage: rollout.stage,
    allocation,
    arm,
    served,
    version: rollout.version,
    unit,
    atMs,
    ...(slices === undefined ? {} : { slices }),
    ...(synthetic === true ? { synthetic } : {}),
  };
}
