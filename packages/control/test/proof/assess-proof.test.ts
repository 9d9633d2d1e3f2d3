import { assessProof, nextProofCommand } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { activity, exposure, outcome, SCOPE, unitOf } from '../support/intake.ts';
import { MINUTE_MS, missing, PLACE, RolledBack, VERSION, ERRORS } from '../support/rolled-back.ts';

describe('reached', () => {
  test('waits for each live instance by name, and escalates after its deadline', () => {
    const intake = new RolledBack();
    intake.acknowledge('store-1', VERSION);
    expect(intake.view().clocks.reached.outcome).toBe('pending');
    expect(missing(intake.view(), 'reached')).toEqual(['store-2: last acknowledged version 10']);
    intake.nowMs += 30_001;
    expect(intake.view().clocks.reached.outcome).toBe('missed');
    expect(nextProofCommand(intake.view())).toMatchObject({
      type: 'recordProof',
      proof: intake.proof.id,
      clock: 'reached',
      outcome: 'missed',
      missing: ['store-2: last acknowledged version 10'],
    });
    const missed = { outcome: 'missed', atMs: 1, statement: '', missing: [] } as const;
    intake.acknowledge('store-2', VERSION + 3);
    expect(nextProofCommand(intake.view({ reached: missed }))).toMatchObject({
      clock: 'reached',
      outcome: 'proven',
    });
  });

  test('counts a report made under the version as its acknowledgement', () => {
    const intake = new RolledBack();
    for (const instance of ['store-1', 'store-2']) intake.report({ instance, version: VERSION });
    expect(intake.view().clocks.reached.outcome).toBe('proven');
  });

  test('lets go of instances that left, and says who was only presumed gone', () => {
    const intake = new RolledBack();
    intake.add({
      type: 'goodbye',
      scope: SCOPE,
      goodbye: { instance: 'store-1', lastSequence: 1 },
    });
    intake.add({ type: 'instanceLeft', ...PLACE, instance: 'store-2', why: 'presumed' });
    const { outcome: found, statement } = intake.view().clocks.reached;
    expect(found).toBe('proven');
    expect(statement).toContain('Presumed gone: store-2.');
    expect(statement).not.toContain('store-1');
  });

  test('takes streams as written and polls by the version they fetched, and says so', () => {
    const intake = new RolledBack();
    intake.settle();
    const contact = (instance: string, what: 'streamOpened' | 'polled', version: number) =>
      intake.add({
        type: 'contact',
        scope: SCOPE,
        instance,
        contact: what,
        version,
        connection: 'c',
      });
    contact('flagd-1', 'streamOpened', VERSION);
    contact('ofrep-1', 'polled', 10);
    expect(missing(intake.view(), 'reached')).toEqual([
      'flagd-1: its stream has not taken the version yet',
      'ofrep-1: last fetched version 10',
    ]);
    contact('ofrep-1', 'polled', VERSION);
    intake.written('flagd-1', 'c', VERSION);
    const { statement } = intake.view().clocks.reached;
    expect(statement).toContain(
      '1 stream was written it (not acknowledged: whether it was read is not known)',
    );
    expect(intake.view().instances).toEqual({ acking: 2, sent: 1, polling: 1, ephemeral: 0 });
    expect(intake.view().clocks.silent.statement).toContain('2 report no exposures of it');
  });

  test('names a stream that reads nothing, also when it was cut off, until it has taken all of it', () => {
    const intake = new RolledBack();
    intake.settle();
    const stream = (contact: 'streamOpened' | 'streamClosed', connection: string, more = {}) =>
      intake.add({
        ...{ type: 'contact', scope: SCOPE, instance: 'flagd-1', contact, version: VERSION },
        ...{ connection, ...more },
      });
    const sinceMs = Date.UTC(2026, 0, 2);
    stream('streamOpened', 'one');
    intake.written('flagd-1', 'one', VERSION - 1, sinceMs);
    const stalled = 'flagd-1: its stream reads nothing since 2026-01-02T00:00:00.000Z';
    expect(missing(intake.view(), 'reached')).toEqual([stalled]);
    expect(missing(intake.view(), 'silent')).toEqual([stalled]);
    stream('streamClosed', 'one', { written: VERSION - 1, stalledSinceMs: sinceMs });
    expect(missing(intake.view(), 'reached')).toEqual([
      'flagd-1: its stream read nothing since 2026-01-02T00:00:00.000Z and is closed',
    ]);
    // What its next stream has taken is not known yet, and the one before says nothing any more.
    stream('streamOpened', 'two');
    stream('streamClosed', 'one', { written: VERSION });
    intake.written('flagd-1', 'one', VERSION);
    expect(missing(intake.view(), 'reached')).toEqual([
      'flagd-1: its stream has not taken the version yet',
    ]);
    intake.written('flagd-1', 'two', VERSION);
    expect(intake.view().clocks.reached.outcome).toBe('proven');
    stream('streamClosed', 'two', { written: VERSION });
    expect(intake.view().clocks.reached.outcome).toBe('proven');
  });

  test('proves nothing by streams of which an earlier release knew no more than that they were open', () => {
    const intake = new RolledBack();
    intake.settle();
    const contact = {
      type: 'contact',
      scope: SCOPE,
      instance: 'flagd-1',
      version: VERSION,
    } as const;
    intake.add({ ...contact, contact: 'streamOpened' });
    intake.add({ ...contact, contact: 'streamClosed' });
    expect(missing(intake.view(), 'reached')).toEqual(['flagd-1: its stream is closed']);
  });

  test('waits while instances told something that is not folded in', () => {
    const intake = new RolledBack();
    intake.settle();
    const input = { proof: intake.proof, telemetry: intake.state, nowMs: intake.nowMs };
    expect(assessProof(input).clocks.reached.outcome).toBe('proven');
    const behind = assessProof({ ...input, isBehind: true });
    for (const clock of ['reached', 'silent', 'recovered'] as const) {
      expect(behind.clocks[clock].outcome).toBe('pending');
      expect(missing(behind, clock)).toEqual([
        'telemetry: what instances told last is not stored yet',
      ]);
    }
  });
});

describe('silent', () => {
  test('needs two reports of each instance after its acknowledgement', () => {
    const intake = new RolledBack();
    for (const instance of ['store-1', 'store-2']) intake.acknowledge(instance, VERSION);
    intake.report({ instance: 'store-1', version: VERSION });
    expect(missing(intake.view(), 'silent')).toEqual([
      'store-1: 1 of 2 reports received since its acknowledgement',
      'store-2: 0 of 2 reports received since its acknowledgement',
    ]);
    intake.report({ instance: 'store-1', version: VERSION });
    intake.report({ instance: 'store-2', version: VERSION });
    intake.report({ instance: 'store-2', version: VERSION });
    expect(intake.view().clocks.silent.outcome).toBe('proven');
  });

  test('takes no report that was made before the version, however late it arrives', () => {
    const intake = new RolledBack();
    for (const instance of ['store-1', 'store-2']) intake.acknowledge(instance, VERSION);
    for (let delayed = 0; delayed < 3; delayed++) intake.report({ version: 10 });
    expect(missing(intake.view(), 'silent')[0]).toBe(
      'store-1: 0 of 2 reports received since its acknowledgement',
    );
  });

  test('does not believe a gap: two reports must follow what was lost', () => {
    const intake = new RolledBack();
    intake.settle();
    const last = 3;
    intake.report({ instance: 'store-1', sequence: last + 3, version: VERSION });
    expect(missing(intake.view(), 'silent')).toEqual(['store-1: reports 4 to 5 were not received']);
    intake.report({ instance: 'store-1', version: VERSION });
    expect(intake.view().clocks.silent.outcome).toBe('proven');
  });

  test.each([
    ['30 s after its acknowledgement is in order', 30_000, []],
    ['later is not', 31_000, ['store-1: used treatment 31 s after its acknowledgement']],
  ])('treatment used up to %s', (_, afterMs, expected) => {
    const intake = new RolledBack();
    intake.acknowledge('store-2', VERSION);
    intake.acknowledge('store-1', VERSION);
    const lastAtMs = intake.nowMs + afterMs;
    for (const instance of ['store-2', 'store-2', 'store-1', 'store-1']) {
      intake.report({ instance, version: VERSION });
    }
    intake.report({
      instance: 'store-1',
      version: VERSION,
      activity: [activity({ arm: 'treatment', lastAtMs })],
    });
    expect(missing(intake.view(), 'silent')).toEqual(expected);
    intake.report({ instance: 'store-1', version: VERSION });
    intake.report({ instance: 'store-1', version: VERSION });
    const { outcome: found, statement } = intake.view().clocks.silent;
    expect(found).toBe('proven');
    expect(statement.includes('Later than allowed')).toBe(expected.length > 0);
  });

  test('speaks of one instance in the singular', () => {
    const intake = new RolledBack();
    for (const instance of ['store-1', 'store-2']) intake.acknowledge(instance, VERSION);
    intake.report({ instance: 'store-1', version: VERSION });
    intake.report({ instance: 'store-1', version: VERSION });
    expect(intake.view().clocks.silent.statement).toContain(
      '1 instance is not yet known to be silent',
    );
  });

  test('of a flag without a rollout is proven as sent', () => {
    const intake = new RolledBack({ rollout: false });
    for (const instance of ['store-1', 'store-2']) intake.acknowledge(instance, VERSION);
    const { outcome: found, statement } = intake.view().clocks.silent;
    expect(found).toBe('proven');
    expect(statement).toContain('2 report no exposures of it and are proven only as sent');
  });
});

describe('recovered', () => {
  test('is trivially met where the rate never left the baseline, and says so', () => {
    const { outcome: found, statement } = new RolledBack().view().clocks.recovered;
    expect(found).toBe('proven');
    expect(statement).toContain('never left the baseline');
  });

  test('is trivially met where nothing was measured, and says so', () => {
    const { statement } = new RolledBack({ rollout: false }).view().clocks.recovered;
    expect(statement).toContain('Nothing was measured');
  });

  test('needs three closed batches over all units within the bound', () => {
    const intake = new RolledBack({ badUnits: 20 });
    expect(missing(intake.view(), 'recovered')).toEqual([
      `${ERRORS}: 0 of 3 complete batches closed since the rollback; reports are missing of storefront/store-1, storefront/store-2`,
    ]);
    intake.reportAtEnds(['store-1', 'store-2']);
    const recovery = { stage: -2, version: VERSION } as const;
    for (let batch = 4; batch < 10; batch++) {
      const units = Array.from({ length: 100 }, (_, index) => unitOf(batch * 1_000 + index));
      const bad = batch < 6 ? 50 : 1;
      intake.report({
        exposures: units.map((unit) => exposure({ ...recovery, unit, atMs: intake.nowMs })),
        outcomes: units.slice(0, bad).map((unit) => outcome({ unit, atMs: intake.nowMs })),
      });
      intake.closeThrough(batch);
      const found = intake.view().clocks.recovered.outcome;
      expect(found, `batch ${batch}`).toBe(batch < 8 ? 'pending' : 'proven');
    }
    intake.nowMs += 15 * MINUTE_MS;
    expect(intake.view().clocks.recovered.statement).toContain('the limit is 2.15 %');
  });

  test('is shown by complete batches only', () => {
    const intake = new RolledBack({ badUnits: 20 });
    intake.reportAtEnds(['store-1']);
    for (let batch = 4; batch < 7; batch++) {
      const unit = unitOf(batch * 1_000);
      const { nowMs: atMs } = intake;
      intake.report({ exposures: [exposure({ stage: -2, version: VERSION, unit, atMs })] });
      intake.acknowledge('store-2', VERSION + batch);
      intake.closeThrough(batch);
    }
    expect(intake.view().clocks.recovered.outcome).toBe('pending');
    expect(missing(intake.view(), 'recovered')[0]).toContain('missing of storefront/store-2');
  });

  test('is recorded only when the silence is decided, since measuring ends with it', () => {
    const intake = new RolledBack();
    intake.acknowledge('store-1', VERSION);
    intake.acknowledge('store-2', VERSION);
    const proven = { outcome: 'proven', atMs: 1, statement: '', missing: [] } as const;
    expect(intake.view({ reached: proven }).clocks.recovered.outcome).toBe('proven');
    expect(nextProofCommand(intake.view({ reached: proven }))).toBeUndefined();
    intake.settle();
    expect(nextProofCommand(intake.view({ reached: proven }))).toMatchObject({ clock: 'silent' });
    const both = { reached: proven, silent: proven };
    expect(nextProofCommand(intake.view(both))).toMatchObject({ clock: 'recovered' });
    expect(nextProofCommand(intake.view({ ...both, recovered: proven }))).toBeUndefined();
  });
});

test('a recovery while the flag was down does not prove a later one', () => {
  const intake = new RolledBack({ badUnits: 20 });
  const later = { ...intake.proof, openedAtMs: intake.nowMs + 60 * MINUTE_MS };
  intake.reportAtEnds(['store-1', 'store-2']);
  for (let batch = 4; batch < 8; batch++) {
    const units = Array.from({ length: 50 }, (_, index) => unitOf(batch * 1_000 + index));
    const seen = { stage: -2, version: VERSION, atMs: intake.nowMs } as const;
    intake.report({ exposures: units.map((unit) => exposure({ ...seen, unit })) });
    intake.closeThrough(batch);
  }
  expect(intake.view().clocks.recovered.outcome).toBe('proven');
  const view = assessProof({ proof: later, telemetry: intake.state, nowMs: intake.nowMs });
  expect(view.clocks.recovered.outcome).toBe('pending');
});

test('a clock that was proven stays proven', () => {
  const intake = new RolledBack();
  const proven = { outcome: 'proven', atMs: 1, statement: 'as it was', missing: [] } as const;
  expect(intake.view({ reached: proven }).clocks.reached).toMatchObject({
    outcome: 'proven',
    statement: 'as it was',
  });
});
