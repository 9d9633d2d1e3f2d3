import { Headline, type Minute, sumOf } from './headline.ts';
import { StageTimer } from './timed.ts';
import type { Judge, JudgeRun, Setting } from './types.ts';

const INTERVAL_MINUTES = 5;
const FAILURE_LIMIT = 3;
const CONSECUTIVE_ERROR_LIMIT = 4;

/** A background analysis: every 5 minutes the error rate of treatment against a fixed limit. */
export const ARGO: readonly Judge[] = (['loose', 'tight'] as const).map((which) => ({
  key: `argo-${which}`,
  label: which === 'loose' ? 'Argo-like, objective' : 'Argo-like, tight',
  measuresFirst: false,
  start: (setting) => start(setting, which),
}));

function start({ scenario }: Setting, which: 'loose' | 'tight'): JudgeRun {
  const limit = (scenario.objectives ?? { loose: 0.01, tight: 0.002 })[which];
  const headline = new Headline(scenario);
  const timer = new StageTimer();
  let window: Minute[] = [];
  let [failures, errorsInARow] = [0, 0];
  return {
    look(seen) {
      if (timer.isOver(seen)) return { does: 'over' };
      window.push(...headline.take(seen));
      const isDue = (seen.minute + 1) % INTERVAL_MINUTES === 0;
      if (!isDue || !headline.hasBegun(seen)) return timer.move(seen);
      const { requests, errors } = sumOf(window, 'treatment');
      window = [];
      if (requests === 0) errorsInARow += 1;
      else {
        errorsInARow = 0;
        if (errors / requests > limit) failures += 1;
      }
      if (failures > FAILURE_LIMIT) return { does: 'rollback', reason: 'error_rate' };
      if (errorsInARow > CONSECUTIVE_ERROR_LIMIT) return { does: 'rollback', reason: 'no_data' };
      return timer.move(seen);
    },
  };
}
