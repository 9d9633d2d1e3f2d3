import { create, toBinary } from '@bufbuild/protobuf';
import { afterEach, describe, expect, it } from 'vitest';
import { ExportTraceServiceRequestSchema } from '../../src/generated/otlp_pb.ts';
import { readExport } from '../../src/otlp/read-export.ts';
import { TRACES } from '../../src/otlp/read-spans.ts';
import { canaryPlan } from '../support/documents.ts';
import { FLAG, issue, must, putCheckout } from '../support/setup.ts';
import { startTestServer, type TestServer, until } from '../support/server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.dispose();
  server = undefined;
});

const text = (key: string, value: string) => ({ key, value: { stringValue: value } });

/** A request in which `new-checkout` was evaluated; its status is 500 for every tenth. */
function span(index: number, atMs: number) {
  return {
    traceId: index.toString(16).padStart(32, '0'),
    spanId: index.toString(16).padStart(16, '0'),
    kind: 2,
    startTimeUnixNano: `${atMs}000000`,
    endTimeUnixNano: `${atMs}000000`,
    status: index % 10 === 0 ? { code: 2 } : {},
    attributes: [
      text('feature_flag.key', 'new-checkout'),
      text('feature_flag.result.variant', 'off'),
    ],
  };
}

function part(
  process: { readonly service?: string; readonly pod: string },
  spans: readonly object[],
) {
  const { service = 'storefront', pod } = process;
  const attributes = [text('service.name', service), text('service.instance.id', pod)];
  return { resource: { attributes }, scopeSpans: [{ spans }] };
}

async function send({ url }: TestServer, token: string, resourceSpans: readonly object[]) {
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ resourceSpans }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** A rollout that measures its baseline for an hour, by requests that OTLP tells. */
async function measuring() {
  server = await startTestServer({ reportInterval: 2_000 });
  const { api } = server;
  const source = { type: 'otlp', of: 'errors' };
  const about = { metric: 'checkout.errors', kind: 'share', owner: 'team', description: 'x' };
  await must(api('PUT', '/projects/default/metrics/checkout.errors', { ...about, source }));
  const guardrails = [{ metric: 'checkout.errors', margin: { relative: '5%' } }];
  await putCheckout(api, canaryPlan({ guardrails, baseline: '1h' }));
  await must(api('POST', `${FLAG}/rollout/start`));
  const startedMs = (await until(async () => {
    const { body } = await must(api('GET', `${FLAG}/rollout`));
    return body.evidence && body.rollout.startedAtMs;
  })) as number;
  const { token } = await issue(server, { kind: 'sdk', service: 'storefront' });
  return { running: server, token, atMs: startedMs + 1 };
}

describe('a large export', () => {
  it('counts every request once, however many rows it needs', async () => {
    const { running, token, atMs } = await measuring();
    const spans = Array.from({ length: 3_500 }, (_, index) => span(index, atMs));
    const parts = [
      part({ pod: 'a' }, spans.slice(0, 2_500)),
      part({ pod: 'a' }, spans.slice(2_500)),
    ];
    expect(await send(running, token, parts)).toEqual({ status: 200, body: {} });
    expect(await send(running, token, parts)).toEqual({ status: 200, body: {} });
    const counts = await until(async () => {
      const { body } = await must(running.api('GET', `${FLAG}/rollout`));
      const seen = body.evidence?.baseline['checkout.errors@requests'];
      return seen?.units > 0 && seen;
    }, 30_000);
    expect(counts).toEqual({ units: 3_500, bad: 350 });
  }, 60_000);

  it('of more processes than are taken is a partial success, and so is what others told', async () => {
    server = await startTestServer();
    const { token } = await issue(server, { kind: 'sdk', service: 'storefront' });
    const pods = Array.from({ length: 1_003 }, (_, pod) =>
      part({ pod: `p${pod}` }, [span(pod, 1)]),
    );
    const foreign = Array.from({ length: 8 }, (_, index) =>
      part({ service: `other-${index}`, pod: 'a' }, [span(index, 1)]),
    );
    const { status, body } = await send(server, token, [...pods, ...foreign]);
    expect(status).toBe(200);
    const { rejectedSpans, errorMessage } = body['partialSuccess'] as Record<string, string>;
    expect(rejectedSpans).toBe('11');
    expect(errorMessage).toContain('told by other-0, other-1, other-2, other-3, other-4.');
    expect(errorMessage).toContain('At most 1000 processes');
  });
});

describe('reading an export', () => {
  const json = [
    part({ pod: 'a' }, [span(1, 1_000), span(2, 1_000)]),
    part({ pod: 'b' }, [span(3, 5)]),
  ];
  const noTurns = { take: () => Promise.resolve() };

  function binaryOf(more = '') {
    const pair = ({ key, value }: ReturnType<typeof text>) => ({
      key,
      value: { value: { case: 'stringValue' as const, value: value.stringValue } },
    });
    const resourceSpans = json.map(({ resource, scopeSpans }) => ({
      resource: { attributes: resource.attributes.map(pair) },
      scopeSpans: scopeSpans.map(({ spans }) => ({
        spans: (spans as ReturnType<typeof span>[]).map((each) => ({
          traceId: Buffer.from(each.traceId, 'hex'),
          spanId: Buffer.from(each.spanId, 'hex'),
          kind: each.kind,
          startTimeUnixNano: BigInt(each.startTimeUnixNano),
          endTimeUnixNano: BigInt(each.endTimeUnixNano),
          attributes: [...each.attributes.map(pair), pair(text('more', more))],
        })),
      })),
    }));
    const message = create(ExportTraceServiceRequestSchema, { resourceSpans });
    return Buffer.from(toBinary(ExportTraceServiceRequestSchema, message));
  }

  const read = (bytes: Buffer, encoding: 'protobuf' | 'json', turns = noTurns) =>
    readExport(TRACES, { bytes, contentEncoding: undefined, encoding }, turns);

  it('gives the same of protobuf and JSON', async () => {
    const binary = await read(binaryOf(), 'protobuf');
    expect(binary.map(({ instance, items }) => [instance, items])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(binary[0]?.evaluations[1]).toMatchObject({
      flag: 'new-checkout',
      variant: 'off',
      atMs: 1_000,
    });
    const bytes = Buffer.from(JSON.stringify({ resourceSpans: json, unknown: [{}] }));
    expect(await read(bytes, 'json')).toEqual(binary);
  });

  it('lets others have their turn after every item (invariant 4)', async () => {
    let turns = 0;
    await read(binaryOf(), 'protobuf', { take: () => Promise.resolve(void (turns += 1)) });
    expect(turns).toBe(5);
  });

  it.each([
    ['null', 'null'],
    ['a list', '[]'],
    ['resources that are no list', '{"resourceSpans":{}}'],
    ['a scope that is text', '{"resourceSpans":[{"scopeSpans":["x"]}]}'],
    ['half of it', '{"resourceSpans":['],
    [
      'a time before all',
      '{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":"-5"}]}]}]}',
    ],
  ])('refuses %s', async (_, body) => {
    const failure = read(Buffer.from(body), 'json');
    await expect(failure).rejects.toMatchObject({ problem: { code: 'otlp_malformed' } });
  });

  it('refuses half a message, and one item that would take too long', async () => {
    const malformed = { problem: { code: 'otlp_malformed' } };
    await expect(read(binaryOf().subarray(0, -3), 'protobuf')).rejects.toMatchObject(malformed);
    const large = binaryOf('x'.repeat(1 << 20));
    await expect(read(large, 'protobuf')).rejects.toMatchObject(malformed);
  });
});
