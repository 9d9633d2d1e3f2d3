import type { RolloutTelemetry } from '../rollout/types.ts';
import type { HashWords } from '../rollout/units/hash-words.ts';
import type { EnvironmentTelemetry, TelemetryState } from '../state.ts';
import { UnitRollouts } from './unit-rollouts.ts';

/** Rollouts that are asked one by one whether they know a unit; for more of them an index pays. */
const FEW = 16;

/**
 * The measured rollouts of an environment, and where there are many, which of them may know a unit.
 * Derived from the state and no part of it: nothing that is decided hangs on it, only what it costs.
 */
export class MeasuredRollouts {
  readonly all: RolloutTelemetry[];
  #units: UnitRollouts | undefined;

  constructor(rollouts: RolloutTelemetry[]) {
    this.all = rollouts;
  }

  /** Notes that a rollout has seen a unit, before any outcome of it is asked for. */
  noteUnit(words: HashWords, telemetry: RolloutTelemetry): void {
    this.#units?.add(words, telemetry, this.all);
  }

  /** Calls for every rollout that knows a unit, and maybe for others. */
  forEachOf(words: HashWords, visit: (telemetry: RolloutTelemetry) => void): void {
    if (this.#units === undefined) {
      if (this.all.length <= FEW) {
        for (const telemetry of this.all) visit(telemetry);
        return;
      }
      this.#units = new UnitRollouts(this.all);
    }
    const units = this.#units;
    for (let entry = units.first(words); entry > 0; entry = units.next(entry)) {
      const telemetry = units.rolloutOf(entry);
      if (telemetry !== undefined) visit(telemetry);
    }
  }

  add(telemetry: RolloutTelemetry): void {
    this.all.push(telemetry);
    this.#units?.admit(telemetry);
  }

  remove(telemetry: RolloutTelemetry): void {
    const at = this.all.indexOf(telemetry);
    if (at >= 0) this.all.splice(at, 1);
    this.#units?.dismiss(telemetry);
    if (this.all.length <= FEW) this.#units = undefined;
  }
}

const KNOWN = new WeakMap<EnvironmentTelemetry, MeasuredRollouts>();

/** Those of an environment. Whoever changes its list of measured rollouts tells it here as well. */
export function measuredRollouts(
  { rollouts }: TelemetryState,
  environment: EnvironmentTelemetry,
): MeasuredRollouts {
  let measured = KNOWN.get(environment);
  if (measured === undefined) {
    measured = new MeasuredRollouts(environment.measured.flatMap((id) => rollouts.get(id) ?? []));
    KNOWN.set(environment, measured);
  }
  return measured;
}
