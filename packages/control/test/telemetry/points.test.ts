import {
  acceptOtlp,
  deserializeTelemetry,
  foldIntake,
  serializeTelemetry,
  type TelemetryState,
  type ToldPoint,
} from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { type Intake, ROLLOUT, SCOPE, START_MS } from '../support/intake.ts';
import { MINUTE_MS, running, stepOf } from '../support/requests.ts';

const SECOND_MS = 1_000;
const ERRORS = { type: 'otlp', of: 'errors', instrument: 'duration' } as const;
const SLOW = { type: 'otlp', of: 'slow', aboveMs: 300, instrument: 'duration' } as const;

const POINT: ToldPoint = {
  instrument: 'duration',
  flag: 'new-checkout',
  variant: 'off',
  failed: false,
  series: 's',
  cumulative: false,
  startMs: START_MS,
  timeMs: START_MS + SECOND_MS,
  count: 10,
  buckets: [6, 3, 1],
  boundsMs: [100, 500],
};

/** Tells points as an export that was received when the newest of them was made. */
function tell(
  intake: Intake,
  points: readonly ToldPoint[],
  { isNamed = true, placeMs = 0 }: { readonly isNamed?: boolean; readonly placeMs?: number } = {},
) {
  const receivedAtMs = Math.max(...points.map(({ timeMs }) => timeMs)) + placeMs;
  intake.nowMs = Math.max(intake.nowMs, receivedAtMs);
  const accepted = acceptOtlp(intake.state, {
    ...{ scope: SCOPE, instance: 'pod-1', joined: [], requests: [], unitSalt: '', points, placeMs },
    ...(isNamed ? { differenceMs: -placeMs } : {}),
    throughMs: receivedAtMs,
    receivedAtMs: intake.nowMs,
  });
  if (accepted.body) intake.add({ type: 'counted', scope: SCOPE, ...accepted.body });
  return accepted;
}

function cellsOf(state: TelemetryState) {
  const [metric] = state.rollouts.get(ROLLOUT)?.counted.metrics ?? [];
  return (metric?.open ?? []).map(({ batch, arm, exposure, events }) => ({
    ...{ batch, arm, exposure, events },
  }));
}

const exposed = (intake: Intake) =>
  cellsOf(intake.state).reduce((sum, { exposure }) => sum + exposure, 0);

describe('points of an instrument', () => {
  test('count once when their export is sent again (invariant 7)', () => {
    const intake = running(ERRORS);
    const later = { ...POINT, startMs: POINT.timeMs, timeMs: POINT.timeMs + SECOND_MS, count: 3 };
    for (const points of [[POINT], [POINT], [later, POINT], [POINT], [later]]) tell(intake, points);
    expect(exposed(intake)).toBe(13);
  });

  test('count once also when that is after a restart (invariants 7 and 8)', () => {
    const intake = running(ERRORS);
    tell(intake, [POINT, { ...POINT, series: 'total', cumulative: true, count: 40 }]);
    const stored = JSON.stringify(serializeTelemetry(intake.state));
    const restarted = deserializeTelemetry(JSON.parse(stored)) as TelemetryState;
    const from = intake.rows.length;
    tell(intake, [POINT, { ...POINT, series: 'total', cumulative: true, count: 40 }]);
    const timeMs = POINT.timeMs + SECOND_MS;
    tell(intake, [{ ...POINT, series: 'total', cumulative: true, count: 44, timeMs }]);
    for (const row of intake.rows.slice(from)) foldIntake(restarted, row);
    expect(exposed(intake)).toBe(54);
    expect(cellsOf(restarted)).toEqual(cellsOf(intake.state));
  });

  test('that came late are no repetition', () => {
    const intake = running(ERRORS);
    const later = { ...POINT, startMs: POINT.timeMs, timeMs: POINT.timeMs + SECOND_MS };
    tell(intake, [later]);
    tell(intake, [POINT]);
    expect(exposed(intake)).toBe(20);
  });

  test('of a running total count by what it grew', () => {
    const intake = running(ERRORS);
    const at = (seconds: number, count: number, change: Partial<ToldPoint> = {}) =>
      tell(intake, [
        {
          ...{ ...POINT, cumulative: true, count, failed: true },
          ...{ timeMs: START_MS + seconds * SECOND_MS, ...change },
        },
      ]);
    at(1, 10);
    at(2, 13);
    at(2, 13);
    at(1, 10);
    expect(cellsOf(intake.state)).toEqual([{ batch: 0, arm: 'control', exposure: 13, events: 13 }]);
    // A process that began anew counts from zero.
    at(9, 4, { startMs: START_MS + 8 * SECOND_MS });
    expect(exposed(intake)).toBe(17);
  });

  test('of a running total go on when the clock of the process is set back', () => {
    const intake = running(ERRORS);
    // Where the total began is told by the clock of then.
    const total = { ...POINT, cumulative: true, startMs: START_MS + 10 * MINUTE_MS };
    const at = (minutes: number, count: number, placeMs: number) =>
      tell(intake, [{ ...total, count, timeMs: START_MS + minutes * MINUTE_MS }], { placeMs });
    at(10.5, 10, -10 * MINUTE_MS);
    at(0.7, 14, 0);
    at(0.9, 20, 0);
    expect(exposed(intake)).toBe(20);
  });

  test('of deltas go on when the clock of the process is set back', () => {
    const intake = running(ERRORS);
    const at = (seconds: number, placeMs: number) =>
      tell(
        intake,
        [
          {
            ...POINT,
            startMs: START_MS + (seconds - 10) * SECOND_MS,
            timeMs: START_MS + seconds * SECOND_MS,
          },
        ],
        { placeMs },
      );
    at(620, -600 * SECOND_MS);
    at(630, -600 * SECOND_MS);
    at(40, 0);
    expect(exposed(intake)).toBe(30);
  });

  test('of a total that is new in a process that was heard before count from then', () => {
    const intake = running(ERRORS);
    const old = { ...POINT, cumulative: true, startMs: START_MS - 90 * MINUTE_MS };
    tell(intake, [{ ...old, count: 5_000 }]);
    expect(exposed(intake)).toBe(0);
    const timeMs = POINT.timeMs + SECOND_MS;
    const failures = { ...old, series: '500', variant: 'on', failed: true, timeMs, count: 7 };
    tell(intake, [{ ...old, count: 5_010, timeMs }, failures]);
    expect(cellsOf(intake.state)).toEqual([
      { batch: 0, arm: 'control', exposure: 10, events: 0 },
      { batch: 0, arm: 'treatment', exposure: 7, events: 7 },
    ]);
  });

  test('of processes without names of their own are not mixed up', () => {
    const intake = running(ERRORS);
    const of = (startMs: number, count: number, seconds: number) =>
      tell(
        intake,
        [{ ...POINT, cumulative: true, startMs, count, timeMs: START_MS + seconds * SECOND_MS }],
        { isNamed: false },
      );
    of(START_MS + 1, 100, 2);
    of(START_MS + 2, 5, 3);
    of(START_MS + 1, 101, 4);
    of(START_MS + 2, 6, 5);
    expect(exposed(intake)).toBe(107);
  });

  test('that reach over a change of stage count nowhere', () => {
    const intake = running(ERRORS);
    tell(intake, [{ ...POINT, startMs: START_MS - MINUTE_MS }]);
    expect(cellsOf(intake.state)).toEqual([]);
  });

  test('are a use of treatment only where it grew', () => {
    const intake = running(ERRORS);
    const total = { ...POINT, cumulative: true, variant: 'on' };
    tell(intake, [total]);
    tell(intake, [{ ...total, timeMs: POINT.timeMs + 30 * SECOND_MS }]);
    const uses = intake.state.rollouts.get(ROLLOUT)?.treatmentUse;
    expect([...(uses?.values() ?? [])].map(({ atMs }) => atMs)).toEqual([POINT.timeMs]);
  });
});

describe('slow requests', () => {
  const slow = (change: Partial<ToldPoint>) => {
    const intake = running(SLOW);
    const { refusals } = tell(intake, [{ ...POINT, ...change }]);
    return cellsOf(intake.state)[0]?.events ?? [...refusals.keys()].join(' ');
  };
  const exponential = (scale: number, durationsMs: readonly number[], unitMs = 1) => {
    const indexOf = (ms: number) => Math.ceil(Math.log2(ms / unitMs) * 2 ** scale) - 1;
    const indices = durationsMs.map(indexOf);
    const offset = Math.min(...indices);
    const counts = Array<number>(Math.max(...indices) - offset + 1).fill(0);
    for (const index of indices) counts[index - offset] = (counts[index - offset] ?? 0) + 1;
    return {
      ...{ count: durationsMs.length, buckets: [], boundsMs: [] },
      exponential: { scale, offset, counts, unitMs, zeroMs: 0 },
    };
  };
  const DURATIONS = [1, 20, 299, 301, 303, 310, 400, 5_000];

  test('of exponential histograms are those above one and the same edge, whatever their scale', () => {
    // The edge at or above 300 ms is 2^(66/8) = 304.4 ms.
    for (const scale of [3, 4, 6, 10, 14]) expect(slow(exponential(scale, DURATIONS))).toBe(3);
  });

  test('of exponential histograms in seconds have the edge of seconds', () => {
    // 2^(-13/8) s = 324.2 ms.
    for (const scale of [3, 5, 9]) expect(slow(exponential(scale, DURATIONS, 1_000))).toBe(2);
  });

  test('of an exponential histogram are none where all were fast', () => {
    expect(slow(exponential(8, [1, 2, 250]))).toBe(0);
  });

  test.each([
    ['an exponential histogram too coarse', exponential(2, DURATIONS), 'too coarse'],
    ['a unit that is not said', { unitProblem: 'its unit is not said' }, 'unit is not said'],
    ['a counter', { buckets: [], boundsMs: [] }, 'no buckets'],
    [
      'seconds in buckets for milliseconds',
      { boundsMs: [5_000, 10_000] },
      'no edge of its buckets',
    ],
  ])('of %s cannot be told: refused by name, and the rollout is held', (_, change, text) => {
    const intake = running(SLOW);
    batchesOf(intake, 3);
    const at = { startMs: intake.nowMs + 1, timeMs: intake.nowMs + SECOND_MS };
    const { refusals } = tell(intake, [
      { ...POINT, ...at },
      { ...POINT, ...at, series: 'x', ...change },
    ]);
    expect([...refusals.keys()].join()).toContain(text);
    const step = stepOf(intake);
    expect(step.command).toMatchObject({ type: 'holdRollout', cause: { code: 'source_failing' } });
    expect(step.waitsFor?.text).toContain('otlp:storefront/pod-1');
    expect(step.waitsFor?.text).toContain(text);
    // Half of the requests are unknown: harm alone is judged by such a batch.
    const health = () => {
      const [own] = intake.state.rollouts.get(ROLLOUT)?.judge.hypotheses ?? [];
      return own?.kind === 'requests' ? own.nonInferiority?.rate.control.exposure : undefined;
    };
    const before = health();
    intake.closeThrough(3);
    expect(health()).toBe(before);
  });

  /** Whole minutes, told by points of both arms. */
  function batchesOf(intake: Intake, count: number): void {
    for (let batch = 0; batch < count; batch++) {
      const startMs = START_MS + batch * MINUTE_MS;
      const at = { startMs, timeMs: startMs + MINUTE_MS };
      tell(intake, [
        { ...POINT, ...at },
        { ...POINT, ...at, series: 'on', variant: 'on' },
      ]);
      intake.closeThrough(batch);
    }
  }
});
