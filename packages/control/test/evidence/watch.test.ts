import { evidenceOf, next, type WatchPlan } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { climbed, type Counted } from '../support/counted.ts';
import { ERRORS } from '../support/evidence.ts';
import { ROLLOUT } from '../support/intake.ts';
import { somePlan } from '../support/world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Terms {
  readonly holdback?: number;
  readonly watch?: WatchPlan;
}

/** Completed at 100 % less the holdback; 10 of 1,000 units a minute were bad before. */
function completed({ holdback = 0, watch }: Terms): Counted {
  const plan = somePlan({
    holdbackPerMillion: holdback,
    ...(watch === undefined ? {} : { watch }),
  });
  const counted = climbed(10, { plan });
  counted.enter(2, 1_000_000 - holdback);
  counted.minutes(30, minute(holdback, 10));
  counted.change({ status: 'completed' });
  return counted;
}

function minute(holdback: number, treated: number) {
  const control = holdback / 1_000;
  const units = 1_000 - control;
  const arm = { treatment: [units, Math.round((units * treated) / 1_000)] as const };
  return holdback === 0 ? arm : { ...arm, control: [control, Math.round(control / 100)] as const };
}

function look({ intake, telemetry }: Counted, change: { readonly ready?: boolean } = {}) {
  const evidence = evidenceOf(intake.state, ROLLOUT, intake.nowMs);
  const step = next({
    rollout: telemetry.rollout,
    flagDown: false,
    ...(evidence === undefined ? {} : { evidence }),
    nowMs: intake.nowMs,
    readiness: { ok: change.ready ?? true, cause: 'It is not ready.' },
  });
  return { step, watch: evidence?.watch };
}

describe('the watch after completion', () => {
  test('is quiet for days while nothing changes', () => {
    for (const holdback of [0, 100_000]) {
      const counted = completed({ holdback });
      counted.minutes(2 * 24 * 60, minute(holdback, 10));
      expect(look(counted).watch).toMatchObject({
        against: holdback === 0 ? 'limit' : 'holdback',
        alarms: [],
        over: false,
      });
      expect(look(counted).step.command).toBeUndefined();
    }
  });

  test('rolls back when treatment becomes worse than the holdback', () => {
    const counted = completed({ holdback: 100_000 });
    // Days of good units are no merit that a worsening would have to make up for.
    counted.minutes(24 * 60, minute(100_000, 10));
    counted.minutes(60, minute(100_000, 40));
    const { watch, step } = look(counted);
    expect(watch?.alarms).toEqual([ERRORS]);
    expect(step.command).toMatchObject({ type: 'rollbackRollout' });
  });

  test('without a holdback tells, rolls nothing back by itself, and is over when the rate is', () => {
    const counted = completed({});
    counted.minutes(24 * 60, minute(0, 10));
    counted.minutes(40, minute(0, 70));
    const alarmed = look(counted);
    expect(alarmed.watch?.alarms).toEqual([ERRORS]);
    expect(alarmed.step).toMatchObject({ step: 'watch', waitsFor: { code: 'watch_alarm' } });
    expect(alarmed.step.command).toBeUndefined();
    counted.minutes(60, minute(0, 10));
    expect(look(counted).watch?.alarms).toEqual([]);
  });

  test('ends by itself at its date where that raises nobody', () => {
    const counted = completed({
      watch: { forMs: 2 * HOUR_MS, falseAlarmEveryMs: 90 * 24 * HOUR_MS },
    });
    counted.minutes(119, minute(0, 10));
    expect(look(counted).step).toMatchObject({ waitsFor: { code: 'watch' } });
    counted.minutes(1, minute(0, 10));
    expect(look(counted).watch?.over).toBe(true);
    expect(look(counted).step.command?.type).toBe('endWatch');
    expect(look(counted, { ready: false }).step).toMatchObject({ waitsFor: { code: 'not_ready' } });
  });

  test('asks a person at its date where ending it gives up a holdback', () => {
    const untilMs = completed({ holdback: 100_000 }).intake.nowMs + HOUR_MS;
    const counted = completed({
      holdback: 100_000,
      watch: { untilMs, falseAlarmEveryMs: 90 * 24 * HOUR_MS },
    });
    counted.minutes(61, minute(100_000, 10));
    expect(look(counted).step).toMatchObject({ step: 'watch', waitsFor: { code: 'watch_over' } });
    expect(look(counted).step.command).toBeUndefined();
  });

  test('does not end while it alarms', () => {
    const counted = completed({ watch: { forMs: HOUR_MS, falseAlarmEveryMs: 90 * 24 * HOUR_MS } });
    counted.minutes(30, minute(0, 10));
    counted.minutes(35, minute(0, 70));
    expect(look(counted).step).toMatchObject({ waitsFor: { code: 'watch_alarm' } });
  });
});
