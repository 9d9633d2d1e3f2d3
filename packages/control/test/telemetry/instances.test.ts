import { dueBatches, instanceKey, instancesToExpire } from '@downhaul/control';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Intake, ROLLOUT, SCOPE, someRollout, START_MS } from '../support/intake.ts';

const HOUR_MS = 3_600_000;
const PLACE = { project: 'default', environment: 'production' };

function instance(intake: Intake, id = 'store-1') {
  const found = intake.state.environments
    .get('default/production')
    ?.instances.get(instanceKey('storefront', id));
  return found ?? expect.fail(`there is no instance ${id}`);
}

describe('the reports of an instance', () => {
  test('count once, and gaps say what is lost (invariant 7)', () => {
    const intake = new Intake();
    for (const sequence of [1, 2, 2, 5, 1]) intake.report({ sequence });
    expect(instance(intake)).toMatchObject({ lastSequence: 5, reportsReceived: 3, gaps: [[3, 4]] });
    intake.report({ sequence: 3 });
    intake.report({ sequence: 3 });
    expect(instance(intake)).toMatchObject({ reportsReceived: 4, gaps: [[4, 4]] });
  });

  test('leave the same word in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), (sequences) => {
        const intake = new Intake();
        for (const sequence of sequences) intake.report({ sequence });
        const distinct = new Set(sequences);
        const last = Math.max(...distinct);
        const { gaps, reportsReceived, lastSequence } = instance(intake);
        const lost = gaps.reduce((sum, [from, to]) => sum + to - from + 1, 0);
        expect({ reportsReceived, lastSequence, lost }).toEqual({
          reportsReceived: distinct.size,
          lastSequence: last,
          lost: last - distinct.size,
        });
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  test('acknowledge the version they were made under', () => {
    const intake = new Intake();
    intake.report({ version: 12 });
    intake.acknowledge('store-1', 11);
    intake.nowMs += 5;
    intake.acknowledge('store-1', 13);
    expect(instance(intake).acknowledged.map(({ version, atMs }) => [version, atMs])).toEqual([
      [12, START_MS],
      [13, START_MS + 5],
    ]);
  });
});

describe('an instance', () => {
  test('is classed by how it can prove what it serves', () => {
    const intake = new Intake();
    const contact = (name: string, what: 'streamOpened' | 'polled') =>
      intake.add({ type: 'contact', scope: SCOPE, instance: name, contact: what, version: 3 });
    contact('flagd-1', 'streamOpened');
    contact('ofrep-1', 'polled');
    contact('ephemeral:browser', 'polled');
    intake.acknowledge('store-1', 3);
    const classes = ['flagd-1', 'ofrep-1', 'ephemeral:browser', 'store-1'].map(
      (name) => instance(intake, name).class,
    );
    expect(classes).toEqual(['sent', 'polling', 'ephemeral', 'acking']);
  });

  test('that is silent for an hour is due to be presumed gone, and is back when it is heard', () => {
    const intake = new Intake();
    intake.report();
    expect(instancesToExpire(intake.state, START_MS + HOUR_MS)).toEqual([]);
    intake.nowMs += HOUR_MS + 1;
    const due = instancesToExpire(intake.state, intake.nowMs);
    expect(due).toEqual([{ ...PLACE, service: 'storefront', instance: 'store-1' }]);
    intake.add({ type: 'instanceLeft', ...PLACE, instance: 'store-1', why: 'presumed' });
    expect(instance(intake).left?.why).toBe('presumed');
    expect(instancesToExpire(intake.state, intake.nowMs + HOUR_MS)).toEqual([]);
    intake.report();
    expect(instance(intake).left).toBeUndefined();
  });

  test('that said goodbye stays gone when a report of before arrives late', () => {
    const intake = new Intake();
    intake.report({ sequence: 2 });
    intake.add({
      type: 'goodbye',
      scope: SCOPE,
      goodbye: { instance: 'store-1', lastSequence: 2 },
    });
    intake.report({ sequence: 1 });
    expect(instance(intake).left).toEqual({ why: 'goodbye', atMs: START_MS });
  });

  describe('that said goodbye', () => {
    const after = (speak: (intake: Intake) => void): ReturnType<typeof instance> => {
      const intake = new Intake();
      contact(intake, 'streamOpened');
      intake.acknowledge('store-1', 10);
      intake.report();
      const goodbye = { instance: 'store-1', lastSequence: 1 };
      intake.add({ type: 'goodbye', scope: SCOPE, goodbye });
      speak(intake);
      return instance(intake);
    };
    const contact = (intake: Intake, what: 'streamOpened' | 'streamClosed' | 'polled') =>
      intake.add({
        type: 'contact',
        scope: SCOPE,
        instance: 'store-1',
        contact: what,
        version: 10,
      });

    test.each<[string, (intake: Intake) => void]>([
      ['a report that was under way', (intake) => intake.report()],
      ['an acknowledgement that was under way', (intake) => intake.acknowledge('store-1', 11)],
      [
        'a report that was under way for a minute',
        (intake) => {
          intake.nowMs += 60_000;
          intake.report({ sentAtMs: START_MS });
        },
      ],
      ['the word that its stream ended', (intake) => contact(intake, 'streamClosed')],
      [
        'the word that its stream is open, which nobody saw end',
        (intake) => contact(intake, 'streamOpened'),
      ],
    ])('stays gone at %s', (_, speak) => {
      expect(after(speak).left?.why).toBe('goodbye');
    });

    test.each<[string, (intake: Intake) => void]>([
      [
        'a stream',
        (intake) => {
          contact(intake, 'streamClosed');
          contact(intake, 'streamOpened');
        },
      ],
      ['a poll', (intake) => contact(intake, 'polled')],
      [
        'an acknowledgement',
        (intake) => {
          intake.nowMs += 2_000;
          intake.acknowledge('store-1', 11);
        },
      ],
      [
        'a report',
        (intake) => {
          intake.nowMs += 2_000;
          intake.report();
        },
      ],
      [
        'a report, though its clock is an hour behind',
        (intake) => {
          intake.nowMs += 2_000;
          intake.report({ sentAtMs: intake.nowMs - HOUR_MS });
        },
      ],
    ])('is live again at %s that it begins later', (_, speak) => {
      expect(after(speak).left).toBeUndefined();
    });
  });

  test('is forgotten when it left longer ago than the retention', () => {
    const intake = new Intake({ instanceRetentionMs: HOUR_MS });
    intake.change(someRollout());
    intake.report();
    intake.add({
      type: 'goodbye',
      scope: SCOPE,
      goodbye: { instance: 'store-1', lastSequence: 1 },
    });
    intake.closeThrough(200);
    expect(intake.state.environments.get('default/production')?.instances.size).toBe(0);
  });
});

describe('batches', () => {
  test('are due once their grace is over, each once and in order', () => {
    const intake = new Intake({ graceMs: 10_000 });
    intake.change(someRollout());
    expect(dueBatches(intake.state, START_MS + 69_999)).toEqual([]);
    const due = dueBatches(intake.state, START_MS + 130_000);
    expect(due).toEqual([
      { rollout: ROLLOUT, batch: 0, endMs: START_MS + 60_000 },
      { rollout: ROLLOUT, batch: 1, endMs: START_MS + 120_000 },
    ]);
    for (const batch of due) intake.add({ type: 'batchClosed', ...batch });
    expect(dueBatches(intake.state, START_MS + 130_000)).toEqual([]);
    const before = intake.evidence.closedBatches;
    intake.add({ type: 'batchClosed', rollout: ROLLOUT, batch: 0, endMs: START_MS + 60_000 });
    expect(intake.evidence.closedBatches).toBe(before);
  });

  test('end with the rollout, and a day after a rollback', () => {
    const intake = new Intake();
    intake.change(someRollout());
    intake.closeThrough(0);
    const statusSinceMs = intake.nowMs;
    intake.change(someRollout({ status: 'rolledBack', statusSinceMs, version: 11 }));
    intake.closeThrough(24 * 60);
    expect(dueBatches(intake.state, START_MS + 48 * HOUR_MS)).toEqual([]);
  });
});
