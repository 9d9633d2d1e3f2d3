import { conversion } from './14-conversion.ts';
import type { Scenario } from './types.ts';

export const conversionSame: Scenario = {
  ...conversion,
  key: '31-conversion-same',
  title: 'A/A, judged by conversion after 6 h',
  truth: 'healthy',
  isSame: true,
  // A stage of twelve hours and a horizon of six take their time whatever happens.
  isScarce: true,
  world: (random) => {
    const world = conversion.world(random);
    return { ...world, rate: (at) => world.rate({ ...at, stage: undefined }) };
  },
};
