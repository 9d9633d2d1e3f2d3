import { type Snapshot, diffSnapshots } from '@downhaul/engine';
import { describe, expect, it } from 'vitest';
import { createDiagnostics } from '../../src/client/diagnostics.ts';
import type { DownhaulEvent } from '../../src/client/types.ts';
import { SnapshotHolder } from '../../src/snapshot/holder.ts';
import { SnapshotIntake } from '../../src/snapshot/intake.ts';
import { createClock } from '../../src/timing/clock.ts';
import { booleanFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

function start(regressionAfterMs = 20, environment?: string) {
  const events: DownhaulEvent[] = [];
  const diagnostics = createDiagnostics({
    clock: createClock(undefined),
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    onEvent: (event) => events.push(event),
  });
  const holder = new SnapshotHolder();
  const intake = new SnapshotIntake({
    holder,
    diagnostics,
    project: undefined,
    environment,
    regressionAfterMs,
  });
  return { holder, intake, events, version: () => holder.current?.snapshot.version };
}

function version(number: number, serve = 'off'): Snapshot {
  return snapshotOf(number, [booleanFlag('flag', { version: number, serve })]);
}

describe('what arrives', () => {
  it('is adopted when it is newer, by snapshot and by delta', () => {
    const { intake, version: held } = start();
    expect(intake.offerSnapshot(version(1), 'stream')).toBe('adopted');
    expect(intake.offerDelta(diffSnapshots(version(1), version(2)))).toBe('adopted');
    expect(intake.offerSnapshot(version(5), 'poll')).toBe('adopted');
    expect(held()).toBe(5);
  });

  it('is nothing new when it is what is held', () => {
    const { intake, holder } = start();
    intake.offerLocal(version(1), 'disk');
    expect(holder.source).toBe('disk');
    expect(intake.offerSnapshot(version(1), 'stream')).toBe('adopted');
    expect(intake.offerSnapshot(version(1), 'poll')).toBe('same');
    expect(holder.source).toBe('poll');
  });

  it('asks for the whole when a delta is of another base, unless it is overtaken', () => {
    const { intake, version: held } = start();
    expect(intake.offerDelta(diffSnapshots(version(1), version(2)))).toBe('resync');
    intake.offerSnapshot(version(3), 'stream');
    expect(intake.offerDelta(diffSnapshots(version(4), version(5)))).toBe('resync');
    expect(intake.offerDelta(diffSnapshots(version(1), version(3)))).toBe('old');
    expect(held()).toBe(3);
  });

  it.each([
    ['whose hash is another', { ...diffSnapshots(version(1), version(2)), hash: 'f'.repeat(16) }],
    ['that leads back', { ...diffSnapshots(version(1), version(2)), version: 1 }],
    ['that is none', 'delta'],
  ])('is refused when it is a delta %s', (_name, delta) => {
    const { intake, events, version: held } = start();
    intake.offerSnapshot(version(1), 'stream');
    expect(intake.offerDelta(delta)).toBe('refused');
    expect(held()).toBe(1);
    expect(events.at(-1)?.type).toBe('snapshotRefused');
  });

  it('is refused when it is of another environment than asked for', () => {
    const { intake, version: held } = start(20, 'staging');
    expect(intake.offerSnapshot(version(1), 'stream')).toBe('refused');
    expect(held()).toBeUndefined();
  });

  it('is adopted when the same version has another content', () => {
    const { intake, holder } = start();
    intake.offerSnapshot(version(1), 'stream');
    expect(intake.offerSnapshot(version(1, 'on'), 'stream')).toBe('adopted');
    expect(holder.current?.snapshot.flags['flag']?.serve).toBe('on');
  });
});

describe('an older version', () => {
  it('of a lagging replica is not adopted', async () => {
    const { intake, events, version: held } = start();
    intake.offerSnapshot(version(9), 'stream');
    expect(intake.offerSnapshot(version(8), 'poll')).toBe('waiting');
    expect(intake.offerSnapshot(version(9), 'poll')).toBe('same');
    // A second wait that ends shows that the first would have ended, too.
    const other = start();
    other.intake.offerSnapshot(version(9), 'stream');
    other.intake.offerSnapshot(version(8), 'stream');
    await until('the other one gave in', () => other.version() === 8);
    expect(held()).toBe(9);
    expect(events.some((event) => event.type === 'regression')).toBe(false);
  });

  it('of a server that insists is adopted, and said', async () => {
    const { intake, events, version: held } = start();
    intake.offerSnapshot(version(9), 'stream');
    intake.offerSnapshot(version(4), 'stream');
    expect(intake.offerDelta(diffSnapshots(version(4), version(5)))).toBe('waiting');
    await until('it is adopted', () => held() === 5);
    expect(events.at(-1)).toEqual({ type: 'regression', from: 9, to: 5 });
  });

  it('is followed at once when it grows past what is held', () => {
    const { intake, version: held } = start(60_000);
    intake.offerSnapshot(version(9), 'stream');
    intake.offerSnapshot(version(8), 'stream');
    expect(intake.offerDelta(diffSnapshots(version(8), version(10)))).toBe('adopted');
    expect(held()).toBe(10);
    intake.close();
  });

  it('takes the place of a copy from disk at once', () => {
    const { intake, version: held } = start();
    expect(intake.offerLocal(version(9), 'disk')).toBe(true);
    expect(intake.offerSnapshot(version(4), 'stream')).toBe('adopted');
    expect(held()).toBe(4);
    expect(intake.offerLocal(version(9), 'disk')).toBe(false);
  });
});
