import { acceptOtlp, senderCorrection } from '@downhaul/control';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  correctionOf,
  noteSenderClock,
  type SenderClock,
} from '../../src/telemetry/counted/sender-clock.ts';
import { type Intake, SCOPE, START_MS } from '../support/intake.ts';
import { MINUTE_MS, OTLP, running, stepOf } from '../support/requests.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The clock after messages of these differences, one every ten seconds. */
function heard(differencesMs: readonly number[], from?: SenderClock, atMs = 0) {
  let clock = from;
  let nowMs = atMs;
  for (const differenceMs of differencesMs) {
    clock = noteSenderClock(clock, differenceMs, nowMs);
    nowMs += 10 * SECOND_MS;
  }
  return { clock, nowMs };
}

const times = (count: number, differenceMs: number) => Array<number>(count).fill(differenceMs);

describe('the clock of a process that tells by OTLP', () => {
  test.each([30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 5 * HOUR_MS])(
    'that is ahead by %i ms is known by the first message: nothing is told before it happened',
    (aheadMs) => {
      expect(correctionOf(undefined, -aheadMs, 0)).toEqual({
        placeMs: -aheadMs,
        provenMs: -aheadMs,
      });
    },
  );

  test('is left alone where the difference is that of any message', () => {
    for (const differenceMs of [-900, 0, 4_000]) {
      expect(correctionOf(undefined, differenceMs, 0)).toEqual({ placeMs: 0, provenMs: 0 });
    }
  });

  test('is told from a message that is late by those before it', () => {
    const { clock, nowMs } = heard(times(6, 300));
    expect(correctionOf(clock, 10 * MINUTE_MS, nowMs)).toEqual({ placeMs: 0, provenMs: 0 });
    const ahead = heard(times(6, -2 * MINUTE_MS));
    expect(correctionOf(ahead.clock, 0, ahead.nowMs).placeMs).toBe(-2 * MINUTE_MS);
  });

  test('that is behind is proven when every message of a quarter of an hour was late', () => {
    const first = heard(times(30, 2 * MINUTE_MS));
    const behindMs = 2 * MINUTE_MS;
    expect(correctionOf(first.clock, behindMs, first.nowMs)).toEqual({
      placeMs: behindMs,
      provenMs: 0,
    });
    const later = heard(times(60, behindMs), first.clock, first.nowMs);
    expect(correctionOf(later.clock, behindMs, later.nowMs).provenMs).toBe(behindMs);
  });

  test('that was set right again blinds nobody for long', () => {
    const ahead = heard(times(100, -10 * MINUTE_MS));
    const soon = heard(times(13, 200), ahead.clock, ahead.nowMs);
    expect(correctionOf(soon.clock, 200, soon.nowMs)).toEqual({
      placeMs: 0,
      provenMs: -10 * MINUTE_MS,
    });
    const later = heard(times(180, 200), soon.clock, soon.nowMs);
    expect(correctionOf(later.clock, 200, later.nowMs)).toEqual({ placeMs: 0, provenMs: 0 });
  });

  test('is unknown again after a long silence', () => {
    const { clock, nowMs } = heard(times(100, 5 * MINUTE_MS));
    const { provenMs } = correctionOf(clock, 5 * MINUTE_MS, nowMs + HOUR_MS);
    expect(provenMs).toBe(0);
  });

  test('never moves the newest time beyond its receipt', () => {
    const messages = fc.array(
      fc.record({
        differenceMs: fc.integer({ min: -HOUR_MS, max: HOUR_MS }),
        afterMs: fc.integer({ min: 0, max: 5 * MINUTE_MS }),
      }),
      { minLength: 1, maxLength: 200 },
    );
    fc.assert(
      fc.property(messages, (all) => {
        let clock: SenderClock | undefined;
        let nowMs = 0;
        for (const { differenceMs, afterMs } of all) {
          nowMs += afterMs;
          const { placeMs, provenMs } = correctionOf(clock, differenceMs, nowMs);
          expect(placeMs).toBeLessThanOrEqual(Math.max(0, differenceMs));
          expect(provenMs).toBeLessThanOrEqual(Math.max(0, placeMs));
          expect(placeMs - differenceMs).toBeLessThanOrEqual(SECOND_MS);
          clock = noteSenderClock(clock, differenceMs, nowMs);
        }
      }),
    );
  });
});

describe('what a process with another clock tells', () => {
  const REQUESTS = 200;

  /** Requests of a minute, of which treatment's fail at a rate, told at its end; `offMs` by another clock. */
  function tellMinute(intake: Intake, minute: number, badShare: number, offMs: number): void {
    const endMs = START_MS + (minute + 1) * MINUTE_MS;
    intake.nowMs = endMs;
    const clock = senderCorrection(
      intake.state,
      { scope: SCOPE, instance: 'pod-1', isNamed: true },
      { differenceMs: -offMs, receivedAtMs: endMs },
    );
    const joined = Array.from({ length: REQUESTS }, (_, index) => {
      const atMs = endMs + offMs + clock.placeMs - (REQUESTS - 1 - index) * 200;
      const treated = index % 4 === 0;
      const failed = treated ? index / 4 < (REQUESTS / 4) * badShare : index % 100 === 1;
      const traceId = `${minute}-${index}`;
      return {
        evaluation: { traceId, flag: 'new-checkout', variant: treated ? 'on' : 'off', atMs },
        request: { traceId, spanId: 's', endMs: atMs, durationMs: 5, failed },
      };
    });
    const { body } = acceptOtlp(intake.state, {
      scope: SCOPE,
      instance: 'pod-1',
      joined,
      requests: joined.map(({ request }) => request),
      points: [],
      unitSalt: 'salt',
      throughMs: endMs + offMs + clock.provenMs,
      differenceMs: -offMs,
      unprovenMs: clock.placeMs - clock.provenMs,
      receivedAtMs: endMs,
    });
    if (body !== undefined) intake.add({ type: 'counted', scope: SCOPE, ...body });
    intake.closeThrough(minute);
  }

  test.each([0, 2, 10, 300, -2, -60])(
    'is harm all the same: %i min ahead, treatment that fails is rolled back',
    (aheadMinutes) => {
      const intake = running(OTLP);
      for (let minute = 0; minute < 12; minute++) {
        tellMinute(intake, minute, 0.4, aheadMinutes * MINUTE_MS);
      }
      expect(stepOf(intake).command?.type).toBe('rollbackRollout');
    },
  );

  test('is no health while it may as well be late, and names the process', () => {
    const intake = running(OTLP);
    for (let minute = 0; minute < 12; minute++) tellMinute(intake, minute, 0.01, -2 * MINUTE_MS);
    expect(intake.evidence.late).toEqual(['otlp:storefront/pod-1']);
    expect(stepOf(intake).command).toMatchObject({ cause: { code: 'telemetry_late' } });
    for (let minute = 12; minute < 20; minute++) tellMinute(intake, minute, 0.01, -2 * MINUTE_MS);
    expect(intake.evidence.late).toEqual([]);
  });

  test('of times that no clock shows is not silence: it holds and names the process', () => {
    const intake = running(OTLP);
    for (let minute = 0; minute < 3; minute++) tellMinute(intake, minute, 0.01, 0);
    const atMs = START_MS + 3_000 * HOUR_MS;
    const evaluation = { traceId: 't', flag: 'new-checkout', variant: 'on', atMs };
    const request = { traceId: 't', spanId: 's', endMs: atMs, durationMs: 5, failed: true };
    const { body, dropped } = acceptOtlp(intake.state, {
      scope: SCOPE,
      instance: 'pod-2',
      joined: [{ evaluation, request }],
      requests: [],
      points: [],
      unitSalt: 'salt',
      throughMs: 0,
      receivedAtMs: intake.nowMs,
    });
    expect(dropped).toEqual({ future: 1 });
    intake.nowMs += SECOND_MS;
    if (body !== undefined) intake.add({ type: 'counted', scope: SCOPE, ...body });
    tellMinute(intake, 3, 0.01, 0);
    expect(intake.evidence.late).toEqual(['otlp:storefront/pod-2']);
  });
});
