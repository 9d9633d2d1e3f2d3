import { Headline, sumOf } from './headline.ts';
import { StageTimer } from './timed.ts';
import type { Judge } from './types.ts';

const FAILED_CHECKS = 5;

/** Every minute the success rate of treatment; five failed checks, of all together, roll back. */
export const FLAGGER: Judge = {
  key: 'flagger',
  label: 'Flagger-like',
  measuresFirst: false,
  start({ scenario }) {
    const limit = scenario.objectives?.loose ?? 0.01;
    const headline = new Headline(scenario);
    const timer = new StageTimer();
    let [failed, silent] = [0, 0];
    return {
      look(seen) {
        if (timer.isOver(seen)) return { does: 'over' };
        const { requests, errors } = sumOf(headline.take(seen), 'treatment');
        if (!headline.hasBegun(seen)) return timer.move(seen);
        if (requests === 0) silent += 1;
        if (requests === 0 || errors / requests > limit) failed += 1;
        if (failed < FAILED_CHECKS) return timer.move(seen);
        return { does: 'rollback', reason: 2 * silent > failed ? 'no_data' : 'error_rate' };
      },
    };
  },
};
