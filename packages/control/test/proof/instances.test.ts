import { assessProof } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { activity, report, SCOPE } from '../support/intake.ts';
import { MINUTE_MS, missing, PLACE, RolledBack, VERSION } from '../support/rolled-back.ts';

describe('an instance', () => {
  test('is accounted for by its own service alone', () => {
    const intake = new RolledBack();
    intake.acknowledge('store-1', VERSION);
    intake.acknowledge('store-2', VERSION, true, 'fraud');
    for (const sequence of [9, 10]) {
      intake.report({ instance: 'store-2', version: VERSION, sequence }, 'fraud');
    }
    const goodbye = { instance: 'store-2', lastSequence: 10 };
    intake.add({ type: 'goodbye', scope: { ...SCOPE, service: 'fraud' }, goodbye });
    expect(missing(intake.view(), 'reached')).toEqual(['store-2: last acknowledged version 10']);
    expect(missing(intake.view(), 'silent')).toContain('store-2: has not acknowledged the version');
  });

  test('of a revoked token stays, cut off, until somebody says that it is gone', () => {
    const intake = new RolledBack();
    const scope = { ...SCOPE, token: 't1' };
    for (const instance of ['store-1', 'store-2']) {
      intake.add({ type: 'contact', scope, instance, contact: 'polled', version: 10 });
    }
    intake.acknowledge('store-1', VERSION);
    const why = 'last acknowledged version 10; cut off: its token t1 was revoked';
    expect(intake.view({}, ['t2']).clocks.reached.missing).toEqual([
      { name: 'store-2', service: 'storefront', why, cutOffBy: 't1' },
    ]);
    expect(intake.view({}, ['t1']).clocks.reached.missing[0]?.cutOffBy).toBeUndefined();
    intake.nowMs += 3_600_001;
    intake.add({
      type: 'instanceLeft',
      ...PLACE,
      service: 'storefront',
      instance: 'store-2',
      why: 'presumed',
    });
    expect(intake.view({}, ['t2']).clocks.reached.statement).toContain('Presumed gone: store-2.');
    intake.add({ type: 'tokenRetired', ...PLACE, token: 't1' });
    const { statement } = intake.view({}, ['t2']).clocks.reached;
    expect(statement).toContain("Gone by an operator's word: store-1, store-2.");
  });

  test('that was cut off before the rollback and presumed gone since is still named', () => {
    const intake = new RolledBack();
    const scope = { ...SCOPE, token: 't1' };
    intake.add({ type: 'contact', scope, instance: 'store-2', contact: 'polled', version: 10 });
    intake.add({
      type: 'instanceLeft',
      ...PLACE,
      service: 'storefront',
      instance: 'store-2',
      why: 'presumed',
    });
    intake.acknowledge('store-1', VERSION);
    const opened = { ...intake.proof, openedAtMs: intake.nowMs + 60_000 };
    const statementWith = (tokens: ReadonlySet<string>) =>
      assessProof({ proof: opened, telemetry: intake.state, tokens, nowMs: intake.nowMs + 60_000 })
        .clocks.reached.statement;
    expect(statementWith(new Set())).toContain('Presumed gone: store-2.');
    expect(statementWith(new Set(['t1']))).not.toContain('store-2');
  });

  test('that counts anew has to acknowledge anew, and to be silent by its own reports', () => {
    const intake = new RolledBack();
    intake.settle();
    expect(intake.view().clocks.silent.outcome).toBe('proven');
    intake.nowMs += MINUTE_MS;
    const add = (sequence: number, version: number, treated = false) => {
      const activities = treated ? [activity({ arm: 'treatment', lastAtMs: intake.nowMs })] : [];
      const made = report({ sequence, version, sentAtMs: intake.nowMs, activity: activities });
      intake.add({ type: 'report', scope: SCOPE, report: made, run: 1 });
    };
    add(1, 10, true);
    expect(missing(intake.view(), 'reached')).toEqual(['store-1: last acknowledged version 10']);
    add(2, VERSION);
    intake.nowMs += MINUTE_MS;
    add(3, VERSION, true);
    expect(missing(intake.view(), 'silent')).toEqual([
      'store-1: used treatment 60 s after its acknowledgement',
    ]);
    add(4, VERSION);
    add(5, VERSION);
    expect(intake.view().clocks.silent.outcome).toBe('proven');
  });
});
