import { Headline, sumOf } from './headline.ts';
import { StageTimer } from './timed.ts';
import type { Judge } from './types.ts';

const OF_MINUTES = 5;
const BREACHING = 3;

/** Timers and one alarm on the whole service: 3 of 5 minutes above the objective; silence is no breach. */
export const APP_CONFIG: Judge = {
  key: 'appconfig',
  label: 'AppConfig-like',
  measuresFirst: false,
  start({ scenario }) {
    const limit = scenario.objectives?.loose ?? 0.01;
    const headline = new Headline(scenario);
    const timer = new StageTimer();
    const breaches: boolean[] = [];
    return {
      look(seen) {
        if (timer.isOver(seen)) return { does: 'over' };
        const minutes = headline.take(seen);
        const [one, other] = [sumOf(minutes, 'treatment'), sumOf(minutes, 'control')];
        const requests = one.requests + other.requests;
        breaches.push(requests > 0 && (one.errors + other.errors) / requests > limit);
        if (breaches.length > OF_MINUTES) breaches.shift();
        return breaches.filter(Boolean).length >= BREACHING
          ? { does: 'rollback', reason: 'error_rate' }
          : timer.move(seen);
      },
    };
  },
};
