import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { afterEach, describe, expect, it } from 'vitest';
import { canaryPlan } from '../support/documents.ts';
import { FLAG, issue, must, putCheckout } from '../support/setup.ts';
import { startTestServer, type TestServer, until } from '../support/server.ts';

const LIMIT_MS = 30_000;
const INSTRUMENT = 'http.server.request.duration';
const COUNTED = 'checkout.errors@requests';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.dispose();
  server = undefined;
});

/** A metric that OTLP tells, and a rollout of an hour's baseline that is not started yet. */
async function prepared(source: object) {
  server = await startTestServer({ reportInterval: 2_000 });
  const about = { metric: 'checkout.errors', kind: 'share', owner: 'team', description: 'x' };
  const metric = { ...about, source: { type: 'otlp', ...source } };
  await must(server.api('PUT', '/projects/default/metrics/checkout.errors', metric));
  const guardrails = [{ metric: 'checkout.errors', margin: { relative: '5%' } }];
  await putCheckout(server.api, canaryPlan({ guardrails, baseline: '1h' }));
  const { token } = await issue(server, { kind: 'sdk', service: 'storefront' });
  return { running: server, token };
}

async function measuring(source: object) {
  const { running, token } = await prepared(source);
  await must(running.api('POST', `${FLAG}/rollout/start`));
  await until(async () => (await must(running.api('GET', `${FLAG}/rollout`))).body.evidence);
  return { running, token };
}

async function counted({ api }: TestServer, units: number) {
  return until(async () => {
    const { body } = await must(api('GET', `${FLAG}/rollout`));
    const counts = body.evidence?.baseline[COUNTED];
    return counts?.units >= units && counts;
  }, LIMIT_MS);
}

const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const FLAGGED = [
  text('feature_flag.key', 'new-checkout'),
  text('feature_flag.result.variant', 'off'),
];
const RESOURCE = {
  attributes: [text('service.name', 'storefront'), text('service.instance.id', 'pod-1')],
};
const nano = (ms: number) => `${Math.floor(ms)}000000`;

interface Sent {
  readonly path: string;
  readonly body: object;
}

async function send({ url }: TestServer, token: string, { path, body }: Sent) {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  const { partialSuccess } = (await response.json()) as {
    partialSuccess?: Record<string, string>;
  };
  return partialSuccess;
}

/** An export of one metric of the instrument. */
function metric(data: object, unit = 's', name = INSTRUMENT): Sent {
  const scopeMetrics = [{ metrics: [{ name, unit, ...data }] }];
  return { path: '/v1/metrics', body: { resourceMetrics: [{ resource: RESOURCE, scopeMetrics }] } };
}

const times = () => ({
  startTimeUnixNano: nano(Date.now() - 1),
  timeUnixNano: nano(Date.now()),
  attributes: FLAGGED,
});
const histogram = (change: object = {}) => ({
  histogram: {
    aggregationTemporality: 1,
    dataPoints: [
      {
        ...times(),
        count: '4',
        bucketCounts: ['3', '1', '0'],
        explicitBounds: [0.1, 0.4],
        ...change,
      },
    ],
  },
});
const number = (change: object = {}) => ({ dataPoints: [{ ...times(), asInt: '4' }], ...change });

describe('what cannot be counted', () => {
  it.each<[string, object, string, string]>([
    ['a gauge', { gauge: number() }, 's', 'is a gauge'],
    ['a summary', { summary: { dataPoints: [times()] } }, 's', 'is a summary'],
    [
      'a sum that may fall',
      { sum: number({ aggregationTemporality: 2, isMonotonic: false }) },
      's',
      'may fall',
    ],
    [
      'a sum of no temporality',
      { sum: number({ aggregationTemporality: 0, isMonotonic: true }) },
      's',
      'delta or cumulative',
    ],
    [
      'a counter, of which some were slow',
      { sum: number({ aggregationTemporality: 1, isMonotonic: true }) },
      's',
      'no buckets',
    ],
    ['a histogram without a unit', histogram(), '', 'unit is not said'],
    ['a histogram of another unit', histogram(), 'furlong', '`furlong`'],
    ['seconds that say they are milliseconds', histogram(), 'ms', 'no edge of its buckets'],
    [
      'a point without a variant',
      histogram({ attributes: FLAGGED.slice(0, 1) }),
      's',
      'no variant',
    ],
    ['a point without a time', histogram({ timeUnixNano: '0' }), 's', 'no time'],
    [
      'an exponential histogram that is too coarse',
      {
        exponentialHistogram: {
          aggregationTemporality: 1,
          dataPoints: [
            { ...times(), count: '4', scale: 0, positive: { offset: -2, bucketCounts: ['4'] } },
          ],
        },
      },
      's',
      'too coarse',
    ],
  ])(
    '%s is refused by name, and holds the rollout (invariant 5)',
    async (_, data, unit, why) => {
      const { running, token } = await measuring({
        of: 'slow',
        above: '300ms',
        instrument: INSTRUMENT,
      });
      const answer = await send(running, token, metric(data, unit));
      expect(answer?.['rejectedDataPoints']).toBe('1');
      expect(answer?.['errorMessage']).toContain(why);
      expect(answer?.['errorMessage']).toContain(INSTRUMENT);
      const held = await until(async () => {
        const { body } = await must(running.api('GET', `${FLAG}/rollout`));
        return body.rollout.cause?.code === 'source_failing' && body.rollout;
      }, LIMIT_MS);
      expect(held.cause.text).toContain('otlp:storefront/pod-1');
      expect(held.cause.text).toContain(why);
    },
    2 * LIMIT_MS,
  );

  it('is no matter where nobody counts the instrument', async () => {
    const { running, token } = await measuring({ of: 'errors', instrument: INSTRUMENT });
    expect(
      await send(running, token, metric({ gauge: number() }, '', 'queue.length')),
    ).toBeUndefined();
  });
});

describe('what is sent twice (invariant 7)', () => {
  it(
    'counts once, also after a restart of the server: points',
    async () => {
      const { running, token } = await measuring({ of: 'errors', instrument: INSTRUMENT });
      const sent = metric(histogram());
      await send(running, token, sent);
      await send(running, token, sent);
      server = await running.restart();
      await send(server, token, sent);
      await send(server, token, metric(histogram({ count: '6', bucketCounts: ['6', '0', '0'] })));
      expect(await counted(server, 10)).toEqual({ units: 10, bad: 0 });
    },
    2 * LIMIT_MS,
  );

  it(
    'counts once, also after a restart of the server: spans',
    async () => {
      const { running, token } = await measuring({ of: 'errors' });
      const spans = (first: number, count: number): Sent => {
        const atMs = Date.now();
        const all = Array.from({ length: count }, (_, index) => ({
          traceId: (first + index).toString(16).padStart(32, '0'),
          spanId: (first + index).toString(16).padStart(16, '0'),
          kind: 2,
          startTimeUnixNano: nano(atMs),
          endTimeUnixNano: nano(atMs),
          attributes: FLAGGED,
        }));
        const resourceSpans = [{ resource: RESOURCE, scopeSpans: [{ spans: all }] }];
        return { path: '/v1/traces', body: { resourceSpans } };
      };
      const sent = spans(1, 20);
      await send(running, token, sent);
      server = await running.restart();
      await send(server, token, sent);
      await send(server, token, spans(100, 5));
      expect(await counted(server, 25)).toEqual({ units: 25, bad: 0 });
    },
    2 * LIMIT_MS,
  );
});

describe('the check before a start', () => {
  async function arrives({ api }: TestServer) {
    const { body } = await must(api('POST', `${FLAG}/rollout/check`));
    return body.items.find(({ code }: { code: string }) => code === 'metric_arrives');
  }

  it('finds an instrument that arrives, and says what is wrong with one that cannot be counted', async () => {
    const { running, token } = await prepared({
      of: 'slow',
      above: '300ms',
      instrument: INSTRUMENT,
    });
    expect(await arrives(running)).toMatchObject({ ok: false });
    await send(running, token, metric(histogram(), 's', 'http.server.duration'));
    expect((await arrives(running)).text).toContain('Told of were http.server.duration');
    await send(running, token, metric(histogram({ attributes: [] })));
    expect((await arrives(running)).text).toContain('no point names new-checkout');
    await send(running, token, metric(histogram()));
    expect(await arrives(running)).toMatchObject({ ok: true });
    expect((await arrives(running)).text).toContain('storefront tells of it');
    const answer = await send(running, token, metric({ gauge: number() }));
    expect(answer?.['errorMessage']).toContain('gauge');
    expect(await arrives(running)).toMatchObject({ ok: false });
    expect((await arrives(running)).text).toContain('is a gauge');
  });
});

describe('evaluations without a variant', () => {
  it('are refused by name, and shown by the check', async () => {
    const { running, token } = await prepared({ of: 'errors' });
    const atMs = Date.now();
    const span = {
      ...{ traceId: '1'.repeat(32), spanId: '2'.repeat(16), kind: 2 },
      ...{ startTimeUnixNano: nano(atMs), endTimeUnixNano: nano(atMs) },
      attributes: FLAGGED.slice(0, 1),
    };
    const resourceSpans = [{ resource: RESOURCE, scopeSpans: [{ spans: [span] }] }];
    const sent = { path: '/v1/traces', body: { resourceSpans } };
    await send(running, token, sent);
    const { body } = await must(running.api('POST', `${FLAG}/rollout/check`));
    const item = body.items.find(({ code }: { code: string }) => code === 'metric_arrives');
    expect(item).toMatchObject({ ok: false });
    expect(item.text).toContain('new-checkout: an evaluation names no variant');
    await must(running.api('POST', `${FLAG}/rollout/start`));
    const answer = await until(async () => send(running, token, sent));
    expect(answer['rejectedSpans']).toBe('1');
    expect(answer['errorMessage']).toContain('names no variant');
  });
});

describe('the metrics of the OpenTelemetry SDK', () => {
  it.each([
    [
      'exponential histograms',
      AggregationType.EXPONENTIAL_HISTOGRAM,
      AggregationTemporality.CUMULATIVE,
    ],
    ['exponential deltas', AggregationType.EXPONENTIAL_HISTOGRAM, AggregationTemporality.DELTA],
    ['deltas', AggregationType.DEFAULT, AggregationTemporality.DELTA],
  ] as const)(
    'count each request once: %s',
    async (_, type, temporalityPreference) => {
      const slow = type === AggregationType.EXPONENTIAL_HISTOGRAM;
      const of = slow ? { of: 'slow', above: '300ms' } : { of: 'errors' };
      const { running, token } = await measuring({ ...of, instrument: INSTRUMENT });
      const exporter = new OTLPMetricExporter({
        url: `${running.url}/v1/metrics`,
        headers: { authorization: `Bearer ${token}` },
        temporalityPreference: temporalityPreference as never,
      });
      const meters = new MeterProvider({
        resource: resourceFromAttributes({
          'service.name': 'storefront',
          'service.instance.id': 'pod-1',
        }),
        views: [{ instrumentName: INSTRUMENT, aggregation: { type } }],
        readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })],
      });
      const duration = meters.getMeter('checkout').createHistogram(INSTRUMENT, { unit: 's' });
      const record = (seconds: number, status: number) =>
        duration.record(seconds, {
          'feature_flag.key': 'new-checkout',
          'feature_flag.result.variant': 'off',
          'http.response.status_code': status,
        });
      for (let request = 0; request < 30; request++) {
        const isBad = request % 10 === 0;
        record(isBad ? 2 : 0.02 + request / 1_000, isBad ? 503 : 200);
      }
      await meters.forceFlush();
      for (let request = 0; request < 10; request++) record(0.02, 200);
      await meters.forceFlush();
      expect(await counted(running, 40)).toEqual({ units: 40, bad: 3 });
      await meters.shutdown();
    },
    2 * LIMIT_MS,
  );

  it(
    'count by counters too',
    async () => {
      const { running, token } = await measuring({ of: 'errors', instrument: INSTRUMENT });
      const failed = [...FLAGGED, { key: 'http.response.status_code', value: { intValue: '503' } }];
      const sum = (attributes: object[], asInt: string) => ({
        sum: {
          aggregationTemporality: 1,
          isMonotonic: true,
          dataPoints: [{ ...times(), attributes, asInt }],
        },
      });
      await send(running, token, metric(sum(FLAGGED, '40'), '{request}'));
      await send(running, token, metric(sum(failed, '3'), '{request}'));
      expect(await counted(running, 43)).toEqual({ units: 43, bad: 3 });
    },
    2 * LIMIT_MS,
  );
});
