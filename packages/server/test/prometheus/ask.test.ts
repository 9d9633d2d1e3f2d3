import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ask } from '../../src/prometheus/ask.ts';
import { readAnswer } from '../../src/prometheus/read-answer.ts';
import type { SourceFailure } from '../../src/prometheus/source-failure.ts';
import { type FakePrometheus, fakePrometheus, sendFigures } from '../support/fake-prometheus.ts';

let fake: FakePrometheus | undefined;
afterEach(async () => fake?.dispose());

async function figure(
  answer: (query: string, response: ServerResponse) => void,
  limitMs = 10_000,
): Promise<number | undefined> {
  fake = await fakePrometheus(answer);
  const server = { name: 'main', url: fake.url, authorization: () => 'Bearer t' };
  const { signal } = new AbortController();
  return readAnswer(await ask(server, { query: 'up', atMs: 1_500, limitMs, signal }));
}

async function failure(
  answer: (query: string, response: ServerResponse) => void,
  limitMs?: number,
): Promise<SourceFailure> {
  return figure(answer, limitMs).then(
    (value) => expect.fail(`it gave ${String(value)}`),
    (error: SourceFailure) => error,
  );
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

describe('asking Prometheus', () => {
  it('asks for a moment, signed in, and takes the one figure', async () => {
    expect(await figure((_, response) => sendFigures(response, [41.5]))).toBe(41.5);
    expect(fake?.asked).toEqual([{ query: 'up', time: '1.500', authorization: 'Bearer t' }]);
  });

  it('tells no series from zero', async () => {
    expect(await figure((_, response) => sendFigures(response, []))).toBeUndefined();
    await fake?.dispose();
    expect(await figure((_, response) => sendFigures(response, [0]))).toBe(0);
  });

  it('asks again where the server is merely busy', async () => {
    let asked = 0;
    const busyOnce = (_: string, response: ServerResponse) =>
      (asked += 1) === 1 ? json(response, 503, {}) : sendFigures(response, [7]);
    expect(await figure(busyOnce)).toBe(7);
    expect(fake?.asked).toHaveLength(2);
  });

  it.each<[string, string, (query: string, response: ServerResponse) => void]>([
    ['HTML', 'not_json', (_, response) => response.end('<html>Sign in</html>')],
    ['no JSON', 'not_json', (_, response) => response.end('pong')],
    ['a status', 'status', (_, response) => json(response, 404, {})],
    [
      'a refused query',
      'refused',
      (_, response) => json(response, 400, { status: 'error', error: 'parse error at char 3' }),
    ],
    ['many series', 'many_series', (_, response) => sendFigures(response, [1, 2])],
    ['NaN', 'not_a_number', (_, response) => sendFigures(response, ['NaN'])],
    ['infinity', 'not_a_number', (_, response) => sendFigures(response, ['+Inf'])],
    [
      'a figure that sums of would overflow',
      'not_a_number',
      (_, response) => sendFigures(response, [1e308]),
    ],
    [
      'a series that is none',
      'not_a_number',
      (_, response) =>
        json(response, 200, { status: 'success', data: { resultType: 'vector', result: [null] } }),
    ],
    [
      'several series that are none',
      'many_series',
      (_, response) =>
        json(response, 200, {
          status: 'success',
          data: { resultType: 'vector', result: [null, null] },
        }),
    ],
    [
      'partial data: a store that failed',
      'partial',
      (_, response) =>
        sendFigures(response, [1], { warnings: ['store pod-3: connection refused'] }),
    ],
    [
      'partial data without any series',
      'partial',
      (_, response) => sendFigures(response, [], { warnings: ['remote_read: 503'] }),
    ],
    [
      'partial data, as VictoriaMetrics says it',
      'partial',
      (_, response) => sendFigures(response, [1], { isPartial: true }),
    ],
    [
      'a warning beside a hint',
      'partial',
      (_, response) =>
        sendFigures(response, [1], { warnings: ['PromQL info: x', 'PromQL warning: mixed'] }),
    ],
    ['a partial content', 'status', (_, response) => json(response, 206, { status: 'success' })],
    [
      'success that says error',
      'refused',
      (_, response) => json(response, 200, { status: 'error', error: 'query timed out' }),
    ],
    [
      'a truncated answer',
      'not_json',
      (_, response) => response.end('{"status":"success","data":{"resultType":"vec'),
    ],
    [
      'a native histogram',
      'not_a_number',
      (_, response) =>
        json(response, 200, {
          status: 'success',
          data: { resultType: 'vector', result: [{ metric: {}, histogram: [1, { count: '3' }] }] },
        }),
    ],
    ['a negative figure', 'negative', (_, response) => sendFigures(response, [-1])],
    [
      'a redirect',
      'redirected',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    ],
    ['an endless answer', 'too_large', (_, response) => response.end('x'.repeat(2 << 20))],
  ])('refuses %s and asks no second time', async (_, code, answer) => {
    expect((await failure(answer)).code).toBe(code);
    expect(fake?.asked).toHaveLength(1);
  });

  it.each([
    ['none', { warnings: [] }],
    ['null', { warnings: null, infos: null }],
    ['hints', { infos: ['PromQL info: metric might not be a counter'] }],
    ['hints as they came before', { warnings: ['PromQL info: metric might not be a counter'] }],
    ['all of it', { isPartial: false }],
  ])('takes the figure where warnings are %s', async (_, beside) => {
    expect(await figure((_query, response) => sendFigures(response, [3], beside))).toBe(3);
  });

  it('quotes the warning', async () => {
    const warnings = ['store pod-3: connection refused', 'store pod-4: connection refused'];
    const { message } = await failure((_, response) => sendFigures(response, [1], { warnings }));
    expect(message).toContain('store pod-3: connection refused and 1 more');
  });

  it('names the series that are too many', async () => {
    const { message } = await failure((_, response) => sendFigures(response, [1, 2]));
    expect(message).toContain('{pod="p0"}, {pod="p1"}');
  });

  it('gives a server up that does not answer within the limit', async () => {
    expect((await failure(() => undefined, 50)).code).toBe('timeout');
  });

  it('says that nobody is there', async () => {
    fake = await fakePrometheus(() => undefined);
    await fake.dispose();
    const server = { name: 'main', url: fake.url, authorization: () => undefined };
    const { signal } = new AbortController();
    const failed = await ask(server, { query: 'up', atMs: 0, limitMs: 100, signal }).catch(
      (error: SourceFailure) => error,
    );
    expect((failed as SourceFailure).code).toBe('unreachable');
  });
});
