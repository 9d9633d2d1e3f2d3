import { acceptReport, type Acceptance } from '@downhaul/control';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  activity,
  exposure,
  Intake,
  outcome,
  report,
  SCOPE,
  someRollout,
  START_MS,
  unitOf,
} from '../support/intake.ts';

function accept(received: unknown, receivedAtMs = START_MS, scope = SCOPE): Acceptance {
  const intake = new Intake();
  intake.change(someRollout());
  return acceptReport(intake.state, { scope, report: received, receivedAtMs });
}

function accepted(...received: Parameters<typeof accept>) {
  const acceptance = accept(...received);
  if (!acceptance.ok) expect.fail(acceptance.message);
  return acceptance;
}

describe('a report', () => {
  test('that is one is taken as it is', () => {
    const sent = report({
      exposures: [exposure()],
      outcomes: [outcome(), outcome({ flag: 'new-checkout' })],
      activity: [activity()],
    });
    expect(accepted(sent)).toEqual({
      ok: true,
      report: sent,
      dropped: {},
      losses: [],
      accepted: 4,
      clockCorrectionMs: 0,
      run: 0,
    });
  });

  test.each([
    ['nothing', undefined, ''],
    ['a text', 'report', ''],
    ['no instance', { ...report(), instance: '' }, '/instance'],
    ['sequence 0', report({ sequence: 0 }), '/sequence'],
    ['a time that is none', { ...report(), sentAtMs: Number.NaN }, '/sentAtMs'],
    ['items that are no list', { ...report(), outcomes: {} }, '/outcomes'],
    ['an item that is none', { ...report(), exposures: [null] }, '/exposures/0'],
    [
      'a unit in the clear',
      report({ exposures: [exposure(), exposure({ unit: 'ada@acme.test' })] }),
      '/exposures/1/unit',
    ],
    ['a third arm', { ...report(), activity: [{ ...activity(), arm: 'both' }] }, '/activity/0/arm'],
    ['an endless value', report({ outcomes: [outcome({ value: Infinity })] }), '/outcomes/0/value'],
    ['a negative count', report({ activity: [activity({ count: -1 })] }), '/activity/0/count'],
    ['no word on what was dropped', { ...report(), dropped: undefined }, '/dropped'],
    [
      'too many items',
      report({ activity: Array.from({ length: 5_001 }, () => activity()) }),
      '/activity',
    ],
  ])('with %s is refused whole, with the place', (_, received, path) => {
    expect(accept(received)).toMatchObject({ ok: false, code: 'telemetry_invalid', path });
  });

  test('of a clock that is off has all its times moved', () => {
    const sent = report({
      exposures: [exposure()],
      outcomes: [outcome({ atMs: START_MS - 10 })],
      activity: [activity()],
    });
    const { report: moved, clockCorrectionMs } = accepted(sent, START_MS + 60_000);
    expect(clockCorrectionMs).toBe(60_000);
    expect(moved.sentAtMs).toBe(START_MS + 60_000);
    expect(moved.exposures[0]?.atMs).toBe(START_MS + 60_000);
    expect(moved.outcomes[0]?.atMs).toBe(START_MS + 59_990);
    expect(moved.activity[0]?.lastAtMs).toBe(START_MS + 60_000);
    expect(accepted(sent, START_MS + 1_000).clockCorrectionMs).toBe(0);
    expect(accepted(sent, START_MS - 1_001).clockCorrectionMs).toBe(-1_001);
  });

  test('loses only the items that cannot be, counted by cause', () => {
    const { report: kept, dropped } = accepted(
      report({
        exposures: [
          exposure({ unit: unitOf(1) }),
          exposure({ unit: unitOf(2), atMs: START_MS + 1_000 }),
          exposure({ unit: unitOf(3), atMs: START_MS + 1_001 }),
          exposure({ unit: unitOf(4), rollout: 'default/production/other#1' }),
          exposure({ unit: unitOf(5), flag: 'other' }),
          exposure({ unit: unitOf(6), stage: 1 }),
          exposure({ unit: unitOf(7), version: 9 }),
          exposure({ unit: unitOf(1), arm: 'treatment', atMs: START_MS + 1 }),
        ],
        outcomes: [outcome(), outcome({ flag: 'other' }), outcome({ atMs: START_MS + 5_000 })],
        activity: [activity(), activity({ rollout: 'unknown' })],
      }),
    );
    expect(kept.exposures.map(({ unit }) => unit)).toEqual([unitOf(1), unitOf(2)]);
    expect(kept.outcomes).toHaveLength(1);
    expect(kept.activity).toHaveLength(1);
    expect(dropped).toEqual({
      future: 2,
      rollout_unknown: 2,
      flag_unknown: 2,
      arm_impossible: 2,
      arm_contradicting: 1,
    });
  });

  test('cannot speak for another environment', () => {
    const elsewhere = { ...SCOPE, environment: 'staging' };
    const sent = report({ exposures: [exposure()], activity: [activity()] });
    expect(accepted(sent, START_MS, elsewhere).dropped).toEqual({ rollout_unknown: 2 });
  });

  test('keeps a use of treatment that cannot be, for the rollback proof', () => {
    const sent = report({ activity: [activity({ stage: 7, arm: 'treatment' })] });
    expect(accepted(sent).report.activity).toHaveLength(1);
  });

  test('of any shape neither throws nor passes unseen', () => {
    fc.assert(
      fc.property(fc.anything(), (received) => {
        expect(accept(received).ok).toBe(false);
      }),
      { numRuns: 500, seed: 4 },
    );
  });
});
