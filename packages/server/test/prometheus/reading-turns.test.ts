import { describe, expect, it } from 'vitest';
import { createReadingTurns } from '../../src/prometheus/reading-turns.ts';

const reading = (server: string, rollout: number, batch = 0) => ({
  server,
  rollout: `r${rollout}`,
  metric: 'errors',
  batch,
});

describe('the turns of readings', () => {
  it('let servers that hang keep nobody from others, however many hang (invariant 4)', () => {
    const turns = createReadingTurns();
    const hanging = Array.from({ length: 8 }, (_, server) =>
      Array.from({ length: 6 }, (_, rollout) => reading(`dead-${server}`, 10 * server + rollout)),
    ).flat();
    expect(turns.begin(hanging)).toHaveLength(8 * 4);
    const healthy = reading('main', 99);
    expect(turns.begin([...hanging, healthy])).toEqual([healthy]);
  });

  it('come to every rollout of a server that is too slow for all', () => {
    const turns = createReadingTurns();
    const read = new Set<string>();
    for (let batch = 0; batch < 3; batch += 1) {
      const due = Array.from({ length: 12 }, (_, rollout) => reading('main', rollout, batch));
      const begun = turns.begin(due);
      expect(begun).toHaveLength(4);
      for (const each of begun) {
        read.add(each.rollout);
        turns.over(each);
      }
    }
    expect(read.size).toBe(12);
  });

  it('begin what is under way no second time', () => {
    const turns = createReadingTurns();
    const due = [reading('main', 1)];
    expect(turns.begin(due)).toEqual(due);
    expect(turns.begin(due)).toEqual([]);
  });
});
