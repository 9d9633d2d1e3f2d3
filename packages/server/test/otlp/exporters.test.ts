import { metrics } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { afterEach, describe, expect, it } from 'vitest';
import { canaryPlan } from '../support/documents.ts';
import { type OtelService, startOtelService } from '../support/otel-service.ts';
import { FLAG, issue, must, putCheckout } from '../support/setup.ts';
import { startTestServer, type TestServer, until } from '../support/server.ts';

const LIMIT_MS = 30_000;
const COUNTED = 'checkout.errors@requests';

let server: TestServer | undefined;
let service: OtelService | undefined;

afterEach(async () => {
  await service?.shutdown();
  service = undefined;
  await server?.dispose();
  server = undefined;
});

/** A rollout that measures its baseline for an hour, of a metric that OTLP tells. */
async function measuring(source: object = { type: 'otlp', of: 'errors' }) {
  // A batch closes 15 s after its end in reality: here after three.
  server = await startTestServer({ reportInterval: 2_000 });
  const { api } = server;
  const metric = {
    metric: 'checkout.errors',
    kind: 'share',
    owner: 'team',
    description: 'x',
    source,
  };
  const guardrails = [
    { metric: 'checkout.errors', margin: { relative: '5%' } },
    { metric: 'http.error_rate', margin: { relative: '5%' } },
  ];
  await must(api('PUT', '/projects/default/metrics/checkout.errors', metric));
  await putCheckout(api, canaryPlan({ guardrails, baseline: '1h' }));
  await must(api('POST', `${FLAG}/rollout/start`));
  // What is told before the intake knows of the rollout is of no rollout.
  await until(async () => (await must(api('GET', `${FLAG}/rollout`))).body.evidence);
  const { token } = await issue(server, { kind: 'sdk', service: 'storefront' });
  return { running: server, token };
}

/** What the baseline has counted, once so much of it is there. */
async function baseline({ api }: TestServer, hypothesis: string, units: number) {
  return until(async () => {
    const { body } = await must(api('GET', `${FLAG}/rollout`));
    const counts = body.evidence?.baseline[hypothesis];
    return counts?.units >= units && counts;
  }, LIMIT_MS);
}

describe('the OTLP exporters of the OpenTelemetry SDK', () => {
  it.each(['spanEvents', 'logEvents'] as const)(
    'are understood: %s, by request where no user is named',
    async (by) => {
      const { running, token } = await measuring();
      service = await startOtelService({
        url: running.url,
        token,
        by,
        namesUsers: false,
        variantOf: () => 'off',
        isBad: (user) => user.endsWith('0'),
      });
      for (let user = 0; user < 50; user++) await service.handle(`user-${user}`);
      await service.flush();
      expect(await baseline(running, COUNTED, 50)).toEqual({ units: 50, bad: 5 });
    },
    LIMIT_MS,
  );

  it(
    'tell distinct users where evaluations name them',
    async () => {
      const { running, token } = await measuring();
      service = await startOtelService({
        url: running.url,
        token,
        by: 'logEvents',
        namesUsers: true,
        variantOf: () => 'off',
        isBad: (user) => user.endsWith('0'),
      });
      // Two requests of each of 20 users, of whom two meet errors.
      for (let request = 0; request < 40; request++) await service.handle(`user-${request % 20}`);
      await service.flush();
      const errors = 'http.error_rate@1000';
      expect(await baseline(running, errors, 20)).toEqual({ units: 20, bad: 2 });
      expect(await baseline(running, COUNTED, 40)).toEqual({ units: 40, bad: 4 });
    },
    LIMIT_MS,
  );

  it(
    'tell histograms, of which each request counts once',
    async () => {
      const instrument = 'http.server.request.duration';
      const { running, token } = await measuring({ type: 'otlp', of: 'errors', instrument });
      const reader = new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({
          url: `${running.url}/v1/metrics`,
          headers: { authorization: `Bearer ${token}` },
        }),
        exportIntervalMillis: 3_600_000,
      });
      const meters = new MeterProvider({
        resource: resourceFromAttributes({ 'service.name': 'storefront' }),
        readers: [reader],
      });
      const histogram = meters.getMeter('checkout').createHistogram(instrument, { unit: 's' });
      const record = (status: number) =>
        histogram.record(0.02, {
          'feature_flag.key': 'new-checkout',
          'feature_flag.result.variant': 'off',
          'http.response.status_code': status,
        });
      for (let request = 0; request < 30; request++) record(request % 10 === 0 ? 503 : 200);
      await meters.forceFlush();
      for (let request = 0; request < 10; request++) record(200);
      await meters.forceFlush();
      expect(await baseline(running, COUNTED, 40)).toEqual({ units: 40, bad: 3 });
      await meters.shutdown();
      metrics.disable();
    },
    LIMIT_MS,
  );
});

describe('OTLP/HTTP', () => {
  const span = (change: object = {}) => ({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'storefront' } }] },
        scopeSpans: [
          {
            spans: [
              {
                traceId: '5b8efff798038103d269b633813fc60c',
                spanId: 'eee19b7ec3c1b174',
                name: 'GET /',
                kind: 2,
                startTimeUnixNano: '1544712660000000000',
                endTimeUnixNano: '1544712661000000000',
                somethingNew: [1],
                ...change,
              },
            ],
          },
        ],
      },
    ],
  });

  async function post(body: unknown, change: Readonly<Record<string, string>> = {}) {
    server ??= await startTestServer();
    const { token } = await issue(server, { kind: 'sdk', service: 'storefront' });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return fetch(`${server.url}/v1/traces`, {
      method: 'POST',
      headers: { ...headers, ...change },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }
  it('answers JSON with JSON, and passes over what it does not know', async () => {
    const response = await post(span());
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual({});
  });

  it('refuses what another service told, and says so as a partial success', async () => {
    const body = JSON.stringify(span()).replace('storefront', 'payments');
    const response = await post(body);
    expect(response.status).toBe(200);
    const { partialSuccess } = (await response.json()) as {
      partialSuccess: { rejectedSpans: string; errorMessage: string };
    };
    expect(partialSuccess.rejectedSpans).toBe('1');
    expect(partialSuccess.errorMessage).toContain('payments');
  });

  it.each([
    ['no JSON', '{', {}, 400],
    ['another shape', { resourceSpans: 7 }, {}, 400],
    ['no gzip', '{}', { 'content-encoding': 'gzip' }, 400],
    ['another compression', '{}', { 'content-encoding': 'br' }, 415],
    ['another type', '{}', { 'content-type': 'text/plain' }, 415],
    ['no token', '{}', { authorization: '' }, 401],
    ['broken protobuf', '\u0001\u0002', { 'content-type': 'application/x-protobuf' }, 400],
  ])('refuses %s', async (_, body, headers, status) => {
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(0);
  });
});
