import { acceptOtlp } from '@downhaul/control';
import { unitHash } from '@downhaul/engine';
import { describe, expect, test } from 'vitest';
import { ROLLOUT, SCOPE, START_MS } from '../support/intake.ts';
import { MINUTE_MS, OTLP, running, item } from '../support/requests.ts';

describe('what OTLP tells', () => {
  const evaluation = { traceId: 't', flag: 'new-checkout', variant: 'on', atMs: START_MS };
  const request = {
    traceId: 't',
    spanId: 's',
    endMs: START_MS + 50,
    durationMs: 50,
    failed: true,
  };
  const received = {
    scope: SCOPE,
    instance: 'pod-1',
    requests: [request],
    points: [],
    unitSalt: 'salt',
    throughMs: START_MS + 50,
    receivedAtMs: START_MS + 1_000,
  };

  test('becomes counts by arm, of the stage in force at its time', () => {
    const intake = running(OTLP);
    const { body } = acceptOtlp(intake.state, { ...received, joined: [{ evaluation, request }] });
    expect(body?.items).toMatchObject([
      { arm: 'treatment', stage: 0, batch: 0, exposure: 1, events: 1 },
    ]);
    expect(body?.exposures).toBeUndefined();
    expect(body?.uses).toEqual([{ rollout: ROLLOUT, atMs: START_MS + 50 }]);
  });

  test('becomes exposures and outcomes of hashed units where it names them', () => {
    const intake = running(OTLP);
    const named = { ...evaluation, unit: 'user-7', version: 10 };
    const joined = [{ evaluation: named }, { evaluation: named, request }];
    const { body } = acceptOtlp(intake.state, { ...received, joined });
    const unit = unitHash('salt', 'user-7');
    expect(body?.exposures).toMatchObject([{ unit, arm: 'treatment', stage: 0, version: 10 }]);
    expect(body?.outcomes).toMatchObject([
      { unit, metric: 'http.error_rate', value: 1 },
      { unit, metric: 'http.latency' },
    ]);
    expect(JSON.stringify(body)).not.toContain('user-7');
  });

  test('tells no units where the shares may still be those of before a change', () => {
    const intake = running(OTLP);
    const tell = (change: object) => {
      const joined = [{ evaluation: { ...evaluation, unit: 'user-7', ...change } }];
      const receivedAtMs = START_MS + 2 * MINUTE_MS;
      return acceptOtlp(intake.state, { ...received, joined, receivedAtMs });
    };
    expect(tell({}).dropped).toEqual({ unsettled: 1 });
    expect(tell({ version: 10 }).body?.exposures).toHaveLength(1);
    expect(tell({ atMs: START_MS + MINUTE_MS }).body?.exposures).toHaveLength(1);
  });

  test('is dropped and counted where it is of no arm, or of a time to come', () => {
    const intake = running(OTLP);
    const joined = [
      { evaluation: { ...evaluation, variant: 'blue' }, request },
      { evaluation: { ...evaluation, atMs: START_MS + 60_000 }, request },
    ];
    const { body, dropped } = acceptOtlp(intake.state, { ...received, joined });
    expect(dropped).toEqual({ other_variant: 1, future: 1 });
    expect(body?.items).toEqual([]);
  });

  test('counts for harm alone while a process has not told of the whole batch', () => {
    const intake = running(OTLP);
    const tell = (throughMs: number) => {
      const sender = { instance: 'pod-1', throughMs };
      const items = [item(0), item(0, { arm: 'treatment', exposure: 100, events: 1 })];
      intake.add({ type: 'counted', scope: SCOPE, source: 'otlp', items, sender });
    };
    intake.nowMs = START_MS + 30_000;
    tell(START_MS + 30_000);
    intake.closeThrough(0);
    expect(intake.evidence.late).toEqual(['otlp:storefront/pod-1']);
    const [own] = intake.state.rollouts.get(ROLLOUT)?.judge.hypotheses ?? [];
    const health = own?.kind === 'requests' ? own.nonInferiority : undefined;
    expect(health?.rate.control.exposure).toBe(0);
    expect(intake.evidence.totals).toMatchObject([{ stage: -1 }, { stage: 0 }]);
  });

  const POINT = {
    instrument: 'duration',
    flag: 'new-checkout',
    variant: 'off',
    failed: false,
    series: 's',
    cumulative: false,
    startMs: START_MS,
    timeMs: START_MS + 500,
    count: 10,
    buckets: [4, 3, 2, 1],
    boundsMs: [50, 100, 500],
  };

  function told(points: readonly (typeof POINT)[]) {
    const intake = running({ type: 'otlp', of: 'slow', aboveMs: 100, instrument: 'duration' });
    return acceptOtlp(intake.state, { ...received, requests: [], joined: [], points });
  }

  test('histograms are stored with what is bad in them, as they came', () => {
    const { body, dropped } = told([POINT]);
    expect(body?.points).toMatchObject([
      { arm: 'control', startMs: START_MS, timeMs: START_MS + 500, exposure: 10, events: 3 },
    ]);
    expect(dropped).toEqual({});
  });

  test.each([
    ['no buckets', { buckets: [], boundsMs: [] }],
    ['no bucket above the limit', { buckets: [9, 1], boundsMs: [50] }],
    ['an edge beyond all numbers', { buckets: [9, 1], boundsMs: [Infinity] }],
    ['an edge that is no number', { buckets: [9, 1], boundsMs: [NaN] }],
    ['buckets that are not those of the edges', { buckets: [10], boundsMs: [50, 100, 500] }],
  ])(
    'a histogram with %s cannot tell what is slow, and counts nowhere (invariant 5)',
    (_, wrong) => {
      const { body, dropped } = told([{ ...POINT, ...wrong }]);
      expect(body?.points).toBeUndefined();
      expect(body?.faults).toMatchObject([{ metric: 'checkout.errors', code: 'not_countable' }]);
      expect(dropped).toEqual({ buckets_unusable: 10 });
    },
  );
});
