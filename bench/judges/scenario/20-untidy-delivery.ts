import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

/** One minute in twenty comes twice, and one in twenty 1 to 3 minutes late and so out of order. */
export const untidyDelivery: Scenario = {
  key: '20-untidy-delivery',
  title: 'A/A, batches twice, late and out of order',
  truth: 'healthy',
  isSame: true,
  outcomes: [ERRORS],
  world: (random) => {
    const draws = Array.from({ length: 48 * 60 }, () => random());
    return {
      ...diurnal(random, {}),
      delayAt: (minute) => {
        const draw = draws[minute] ?? 1;
        return draw < 0.05 ? 1 + Math.floor(draw * 60) : 0;
      },
      isTwice: (minute) => (draws[minute] ?? 0) > 0.95,
    };
  },
};
