import { latency } from './08-latency.ts';
import type { Scenario } from './types.ts';

export const latencySame: Scenario = {
  ...latency,
  key: '27-latency-same',
  title: 'A/A, judged by p99 latency',
  truth: 'healthy',
  isSame: true,
  world: (random) => {
    const { slower, ...world } = latency.world(random);
    return {
      ...world,
      rate: (at) => world.rate({ ...at, stage: undefined }),
      ...(slower === undefined ? {} : { slower: (ms) => slower(ms, 'control') }),
    };
  },
};
