import { Headline, type Minute, sumOf } from './headline.ts';
import { STAGE_MINUTES, StageTimer } from './timed.ts';
import type { Judge, JudgeRun, Setting } from './types.ts';

const TOLERANCE = 0.25;
/** Two-sided 98 %. */
const Z = 2.3263478740408408;

/**
 * At the end of each stage 60 one-minute rates of each arm: the Mann-Whitney interval of their shift
 * must lie above a quarter of its estimate and the means differ by the allowed increase.
 */
export const KAYENTA: readonly Judge[] = [1, 1.25].map((allowedIncrease) => ({
  key: `kayenta-${allowedIncrease}`,
  label: `Kayenta-like, x${allowedIncrease}`,
  measuresFirst: false,
  start: (setting) => start(setting, allowedIncrease),
}));

function start({ scenario }: Setting, allowedIncrease: number): JudgeRun {
  const headline = new Headline(scenario);
  const timer = new StageTimer();
  let points: { treatment: number[]; control: number[] } = { treatment: [], control: [] };
  return {
    look(seen) {
      if (timer.isOver(seen)) return { does: 'over' };
      const minutes = headline.take(seen);
      addPoint(points.treatment, minutes, 'treatment');
      addPoint(points.control, minutes, 'control');
      const move = timer.move(seen);
      if (timer.elapsed(seen) < STAGE_MINUTES) return move;
      const { treatment, control } = points;
      points = { treatment: [], control: [] };
      // With everyone treated there is no arm to compare with.
      if (move.does === 'complete' || !headline.hasBegun(seen)) return move;
      if (2 * treatment.length < STAGE_MINUTES || 2 * control.length < STAGE_MINUTES) {
        return { does: 'rollback', reason: 'no_data' };
      }
      const isHigh =
        isShifted(treatment, control) && mean(treatment) > allowedIncrease * mean(control);
      return isHigh ? { does: 'rollback', reason: 'error_rate' } : move;
    },
  };
}

function addPoint(points: number[], minutes: readonly Minute[], arm: 'treatment' | 'control') {
  const { requests, errors } = sumOf(minutes, arm);
  if (requests > 0) points.push(errors / requests);
}

/** The interval of the shift by the normal approximation of the rank sum (Hodges and Lehmann). */
function isShifted(treatment: readonly number[], control: readonly number[]): boolean {
  const differences = Float64Array.from(treatment.flatMap((t) => control.map((c) => t - c))).sort();
  const pairs = differences.length;
  const sd = Math.sqrt((pairs * (treatment.length + control.length + 1)) / 12);
  const lower = differences[Math.max(0, Math.floor(pairs / 2 - Z * sd))] ?? 0;
  const estimate = differences[Math.floor(pairs / 2)] ?? 0;
  return lower > TOLERANCE * Math.abs(estimate);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
