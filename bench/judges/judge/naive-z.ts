import { Headline, type Counts } from './headline.ts';
import { StageTimer } from './timed.ts';
import type { Judge } from './types.ts';

/** One-sided 5 %. */
const Z = 1.6448536269514722;

/** A z-test of two proportions, looked at every minute, anew in each stage. */
export const NAIVE_Z: Judge = {
  key: 'naive-z',
  label: 'z-test every minute',
  measuresFirst: false,
  start({ scenario }) {
    const headline = new Headline(scenario);
    const timer = new StageTimer();
    let stage = -1;
    let sums = { treatment: none(), control: none() };
    return {
      look(seen) {
        if (timer.isOver(seen)) return { does: 'over' };
        if (seen.stage !== stage) sums = { treatment: none(), control: none() };
        stage = seen.stage;
        for (const minute of headline.take(seen)) {
          add(sums.treatment, minute.treatment);
          add(sums.control, minute.control);
        }
        return zOf(sums.treatment, sums.control) > Z
          ? { does: 'rollback', reason: 'error_rate' }
          : timer.move(seen);
      },
    };
  },
};

type Sum = { -readonly [Key in keyof Counts]: number };

function none(): Sum {
  return { requests: 0, errors: 0 };
}

function add(sum: Sum, { requests, errors }: Counts): void {
  sum.requests += requests;
  sum.errors += errors;
}

function zOf(treatment: Counts, control: Counts): number {
  if (treatment.requests === 0 || control.requests === 0) return 0;
  const pooled = (treatment.errors + control.errors) / (treatment.requests + control.requests);
  const variance = pooled * (1 - pooled) * (1 / treatment.requests + 1 / control.requests);
  if (!(variance > 0)) return 0;
  const difference = treatment.errors / treatment.requests - control.errors / control.requests;
  return difference / Math.sqrt(variance);
}
