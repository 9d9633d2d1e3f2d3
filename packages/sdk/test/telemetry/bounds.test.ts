import { compile, unitHash } from '@downhaul/engine';
import { describe, expect, it } from 'vitest';
import { hold } from '../../src/snapshot/held.ts';
import { MAX_EXPOSURES, MAX_OUTCOMES, TelemetryCollector } from '../../src/telemetry/collector.ts';
import { SeenUnits } from '../../src/telemetry/seen-units.ts';
import { UNIT_SALT, rolloutFlag, snapshotOf } from '../support/snapshots.ts';

const clock = { nowMs: () => 1_000, monotonicMs: () => 0 };
const held = hold({
  snapshot: snapshotOf(1, [rolloutFlag('flag', 100)]),
  previous: undefined,
  changed: ['flag'],
});
const rollout = held.measurement.rollouts.get('flag')!;

function use(collector: TelemetryCollector, targetingKey: string): void {
  const context = { targetingKey };
  collector.use({ held, rollout, allocation: 0, arm: 'treatment', served: true, context });
}

function hashed(unit: string): { unit: string; salt: undefined } {
  return { unit, salt: undefined };
}

describe('bounded memory', () => {
  it('forgets the oldest units, and never one of the last hundred', () => {
    const seen = new SeenUnits(100);
    for (let unit = 0; unit < 250; unit++) seen.add(`unit-${unit}`);
    for (let unit = 0; unit < 100; unit++) expect(seen.has(`unit-${unit}`)).toBe(false);
    for (let unit = 249; unit >= 150; unit--) expect(seen.has(`unit-${unit}`)).toBe(true);
  });

  it('counts exposures beyond the bound, asks for a report once, and reports the unit later', () => {
    let asked = 0;
    const collector = new TelemetryCollector(clock, () => (asked += 1));
    for (let unit = 0; unit < MAX_EXPOSURES + 10; unit++) use(collector, `many-${unit}`);
    const first = collector.drain();
    expect(first.exposures).toHaveLength(MAX_EXPOSURES);
    expect(first.dropped).toEqual({ exposures: 10, outcomes: 0 });
    expect(asked).toBe(1);
    use(collector, `many-${MAX_EXPOSURES + 1}`);
    expect(collector.drain()).toMatchObject({
      exposures: [{ unit: unitHash(UNIT_SALT, `many-${MAX_EXPOSURES + 1}`) }],
      activity: [{ count: 1 }],
      dropped: { exposures: 0, outcomes: 0 },
    });
  });

  it('counts outcomes beyond the bound, and still folds into known ones', () => {
    const collector = new TelemetryCollector(clock, () => undefined);
    const latency = { metric: 'http.latency', atMs: 1 };
    for (let unit = 0; unit < MAX_OUTCOMES + 5; unit++) {
      collector.outcome({ ...latency, of: hashed(`u${unit}`), value: 3 });
    }
    collector.outcome({ ...latency, of: hashed('u0'), value: 9, atMs: 2 });
    collector.outcome({ ...latency, of: hashed('u0'), value: 4, atMs: 3 });
    const { outcomes, dropped } = collector.drain();
    expect(outcomes).toHaveLength(MAX_OUTCOMES);
    expect(outcomes[0]).toEqual({ unit: 'u0', metric: 'http.latency', value: 9, atMs: 2 });
    expect(dropped.outcomes).toBe(5);
    expect(collector.totals).toEqual({ exposures: 0, outcomes: 5 });
  });

  it('keeps the first failure of a unit and the sum of a tracked metric', () => {
    const collector = new TelemetryCollector(clock, () => undefined);
    for (const atMs of [1, 2, 3]) {
      collector.outcome({ metric: 'http.error_rate', of: hashed('u'), value: 1, atMs });
      collector.outcome({ metric: 'checkout.completed', of: hashed('u'), value: 1, atMs });
      collector.outcome({
        metric: 'http.error_rate',
        of: hashed('u'),
        value: 1,
        atMs,
        flag: 'flag',
      });
    }
    expect(collector.drain().outcomes).toEqual([
      { metric: 'http.error_rate', unit: 'u', value: 1, atMs: 1 },
      { metric: 'checkout.completed', unit: 'u', value: 3, atMs: 1, lastAtMs: 3 },
      { metric: 'http.error_rate', unit: 'u', value: 1, atMs: 1, flag: 'flag' },
    ]);
  });

  it('makes one item of a unit of this process and the same unit from baggage', () => {
    const collector = new TelemetryCollector(clock, () => undefined);
    const units = [
      { unit: 'ada', salt: UNIT_SALT },
      { unit: unitHash(UNIT_SALT, 'ada'), salt: undefined },
    ];
    for (const of of units) {
      collector.outcome({ of, metric: 'checkout.completed', atMs: 1, value: 1 });
    }
    expect(collector.drain().outcomes).toEqual([
      { unit: unitHash(UNIT_SALT, 'ada'), metric: 'checkout.completed', atMs: 1, value: 2 },
    ]);
  });

  it('shares one memory among however many rollouts there are', () => {
    const flags = Array.from({ length: 300 }, (_, index) => rolloutFlag(`f${index}`, 100));
    const many = hold({ snapshot: snapshotOf(2, flags), previous: held, changed: [] });
    expect(compile(many.snapshot).flagKeys).toHaveLength(300);
    const { seen } = many.measurement.rollouts.get('f0')!.people;
    for (let unit = 0; unit < 2_000; unit++) seen.add(`unit-${unit}`);
    expect(seen.has('unit-0')).toBe(false);
    expect(seen.has('unit-1999')).toBe(true);
  });
});
