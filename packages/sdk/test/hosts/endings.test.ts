import { unitHash } from '@downhaul/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { FakeServer } from '../support/fake-server.ts';
import { UNIT_SALT, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { buildPackage, nodes, runFixture } from './nodes.ts';

/** Requests that no connection brings: how they are sent, and how they answer. */
const FUNCTIONS: readonly { way: string; answer: string; is: Expected }[] = [
  ...['fastify.inject', '@fastify/aws-lambda', 'serverless-http of koa'].flatMap((way) => [
    { way, answer: 'own', is: 'good' as const },
    { way, answer: 'throws', is: 'bad' as const },
  ]),
  { way: 'serverless-http of express', answer: 'good', is: 'good' },
  { way: 'serverless-http of express', answer: 'noContent', is: 'good' },
  { way: 'serverless-http of express', answer: 'throws', is: 'bad' },
  { way: 'fastify.inject', answer: 'good', is: 'good' },
  { way: 'fastify.inject', answer: 'noContent', is: 'good' },
  { way: 'fastify.inject', answer: 'status?code=403', is: 'denied' },
  { way: 'fastify.inject', answer: 'status?code=503', is: 'bad' },
  { way: 'fastify.inject', answer: 'sse', is: 'good, untimed' },
  { way: 'fastify.inject', answer: 'destroyBeforeHead', is: 'bad' },
  { way: 'fastify.inject', answer: 'destroyAfterHead', is: 'bad' },
  { way: 'fastify.inject', answer: 'brokenAfterHead', is: 'bad' },
  { way: 'fastify.inject, aborted', answer: 'hang', is: 'aborted' },
  { way: 'an adapter without close', answer: 'good', is: 'good' },
  { way: 'an adapter without close', answer: 'status?code=503', is: 'bad' },
];

type Expected =
  'good' | 'good, untimed' | 'denied' | 'bad' | 'bad, untimed' | 'aborted' | 'aborted, untimed';

interface Case {
  readonly answer: string;
  readonly act?: string;
  readonly method?: string;
  readonly body?: { readonly announced: number; readonly sent: string };
  readonly is: Expected;
}

const METRICS: Readonly<Record<Expected, readonly string[]>> = {
  good: ['http.latency'],
  'good, untimed': [],
  denied: ['http.denied', 'http.latency'],
  bad: ['http.error_rate', 'http.latency'],
  'bad, untimed': ['http.error_rate'],
  aborted: ['http.client_abort', 'http.latency'],
  'aborted, untimed': ['http.client_abort'],
};

/** With any carrier: nothing of these is the framework's own. */
const ANY: readonly Case[] = [
  { answer: 'good', is: 'good' },
  { answer: 'good', method: 'HEAD', is: 'good' },
  { answer: 'noContent', is: 'good' },
  { answer: 'notModified', is: 'good' },
  { answer: 'earlyHints', is: 'good' },
  { answer: 'status?code=404', is: 'good' },
  { answer: 'status?code=499', is: 'good' },
  { answer: 'status?code=401', is: 'denied' },
  { answer: 'status?code=403', method: 'HEAD', is: 'denied' },
  { answer: 'status?code=500', is: 'bad' },
  { answer: 'status?code=503', is: 'bad' },
  { answer: 'readsBody', method: 'POST', body: { announced: 3, sent: 'abc' }, is: 'good' },
  { answer: 'big', is: 'good' },
  { answer: 'sse', is: 'good, untimed' },
  { answer: 'sseSetHeader', is: 'good, untimed' },
  { answer: 'destroyBeforeHead', is: 'bad' },
  { answer: 'destroyBeforeHeadWithError', is: 'bad' },
  { answer: 'destroyAfterHead', is: 'bad' },
  { answer: 'destroyWithResetOfAnother', is: 'bad' },
  { answer: 'endThenDestroyWithError', is: 'bad' },
  { answer: 'destroySocket', is: 'bad' },
  { answer: 'brokenPipeline', is: 'bad' },
];

const OWN: readonly Case[] = [
  { answer: 'throws', is: 'bad' },
  { answer: 'own', is: 'good' },
  { answer: 'brokenAfterHead', is: 'bad' },
];

/** A client that leaves in the middle of a body that Hono reads. */
function cutOff(acts: readonly string[]): Case[] {
  const body = { announced: 9, sent: 'abc' };
  return acts.map((act) => ({
    answer: 'ownReadsBody',
    method: 'POST',
    body,
    act,
    is: 'aborted',
  }));
}

function leftBy(act: string): Case[] {
  return [
    { answer: 'hang', act, is: 'aborted' },
    { answer: 'hangAfterHead', act, is: 'aborted' },
    { answer: 'failsThenHangs', act, is: 'bad' },
    { answer: 'sseForever', act, is: 'aborted, untimed' },
    { answer: 'hangingPipeline', act, is: 'aborted' },
    { answer: 'destroysOnAbort', act, is: 'aborted' },
    {
      answer: 'readsBody',
      method: 'POST',
      body: { announced: 9, sent: 'abc' },
      act,
      // A stream of HTTP/2 that its client closes without an error has a whole body.
      is: act === 'closes' ? 'good' : 'aborted',
    },
  ];
}

const HTTP1: readonly Case[] = [
  ...ANY,
  ...['leaves', 'resets', 'ends'].flatMap(leftBy),
  { answer: 'big', act: 'pauses and leaves', is: 'aborted' },
  { answer: 'destroyBig', act: 'pauses and leaves', is: 'bad' },
  { answer: 'answersBeforeBody', method: 'POST', body: { announced: 9, sent: 'abc' }, is: 'good' },
  { answer: 'destroyRequest', is: 'bad' },
];

const HTTP2: readonly Case[] = [
  ...ANY,
  ...[
    'cancels',
    'closes',
    'resets with an error',
    'destroys the session',
    'destroys the session with an error',
    'loses its connection',
  ].flatMap(leftBy),
  { answer: 'hang', method: 'HEAD', act: 'cancels', is: 'aborted' },
  { answer: 'big', act: 'pauses and cancels', is: 'aborted' },
  { answer: 'destroyBig', act: 'pauses and cancels', is: 'bad' },
  { answer: 'resetStream', is: 'bad' },
  { answer: 'cancelStream', is: 'bad' },
  { answer: 'closeStream', is: 'bad' },
  { answer: 'destroySession', is: 'bad' },
];

const THROWN: readonly Case[] = [
  { answer: 'throws', is: 'bad' },
  { answer: 'rejects', is: 'bad' },
  { answer: 'thenableRejects', is: 'bad' },
];

const SERVERS: Readonly<Record<string, readonly Case[]>> = {
  'node:http': [...HTTP1, ...THROWN, { answer: 'failsWhenAborted', act: 'resets', is: 'aborted' }],
  'node:http half-open': [
    { answer: 'destroyAfterHead', act: 'ends', is: 'bad' },
    { answer: 'brokenPipeline', act: 'ends', is: 'bad' },
    { answer: 'sse', act: 'ends', is: 'good, untimed' },
    { answer: 'hang', act: 'resets', is: 'aborted' },
  ],
  'node:http that times out': [
    { answer: 'hang', is: 'bad' },
    { answer: 'hangAfterHead', is: 'bad' },
  ],
  'node:http that waits for an answer': [
    { answer: 'hang', act: 'stays for long', is: 'bad' },
    { answer: 'hangAfterHead', act: 'stays for long', is: 'aborted' },
    {
      answer: 'readsBody',
      method: 'POST',
      body: { announced: 9, sent: 'abc' },
      act: 'stays for long',
      is: 'aborted',
    },
  ],
  express: [...HTTP1, { answer: 'throws', is: 'bad' }, { answer: 'throwsAfterHead', is: 'bad' }],
  fastify: [...HTTP1, ...OWN, { answer: 'brokenBeforeHead', is: 'bad' }],
  koa: [...HTTP1, ...OWN],
  hono: [
    ...HTTP1,
    ...OWN,
    { answer: 'ownSse', is: 'good, untimed' },
    { answer: 'ownHang', act: 'resets', is: 'aborted' },
    ...cutOff(['leaves', 'resets', 'ends']),
    { answer: 'ownStreamHang', act: 'leaves', is: 'aborted' },
  ],
  'node:http2': [
    ...HTTP2,
    ...THROWN,
    { answer: 'failsWhenAborted', act: 'cancels', is: 'aborted' },
  ],
  'node:http2 that times out': [
    { answer: 'hang', is: 'bad' },
    { answer: 'hangAfterHead', is: 'bad' },
  ],
  'fastify http2': [...HTTP2, ...OWN, { answer: 'brokenBeforeHead', is: 'bad' }],
  'koa http2': [...HTTP2, ...OWN],
  'hono http2': [
    ...HTTP2,
    ...OWN,
    { answer: 'ownSse', is: 'good, untimed' },
    { answer: 'ownHang', act: 'cancels', is: 'aborted' },
    { answer: 'ownStreamHang', act: 'cancels', is: 'aborted' },
    ...cutOff(['cancels', 'resets with an error', 'destroys the session', 'loses its connection']),
  ],
};

/** Hono answers HEAD itself, and breaks off an answer by hand whose request is not read to its end. */
function isLeftToNode(given: Case & { readonly server: string }): boolean {
  const { server, answer, method, body } = given;
  const isHalf = body !== undefined && body.sent.length < body.announced;
  if (server.startsWith('hono') && method === 'HEAD') return false;
  return !(server === 'hono http2' && answer === 'readsBody' && isHalf);
}

const cases = Object.entries(SERVERS)
  .flatMap(([server, list]) =>
    list.map((each) => {
      const { answer, act = 'reads', method = 'GET', body } = each;
      const sent = body && body.sent.length < body.announced ? ' with half a body' : '';
      return { ...each, server, user: `${server}: ${method} ${answer}${sent}, client ${act}` };
    }),
  )
  .filter(isLeftToNode);

const functions = FUNCTIONS.map((each) => ({ ...each, user: `${each.way}: ${each.answer}` }));

interface Counted {
  readonly user: string;
  readonly is: Expected;
}

describe.each(nodes)('on Node $major', ({ path }) => {
  beforeAll(buildPackage, 120_000);

  it.skipIf(path === undefined).each<[string, string, readonly Counted[]]>([
    ['requests count as the table of endings says, in every framework', 'main.mjs', cases],
    ['requests that no connection brings do as well', 'functions.mjs', functions],
  ])(
    '%s',
    async (_name, script, list) => {
      const rollout = rolloutFlag('flag', 100, {
        metrics: ['http.error_rate', 'http.latency', 'http.client_abort', 'http.denied'],
      });
      const server = await FakeServer.start(snapshotOf(1, [rollout]));
      const input = list.map(({ is: _, ...given }) => given);
      await runFixture(path ?? '', { script, args: [server.url], input });
      await server.stop();
      const counted = list.map(({ user }) => `${user}: ${metricsOf(server, user).join(' ')}`);
      const expected = list.map(({ user, is }) => `${user}: ${METRICS[is].join(' ')}`);
      expect(counted).toEqual(expected);
      expect(trafficOf(server)).toEqual({
        requests: list.filter(({ is }) => !is.startsWith('aborted')).length,
        bad: list.filter(({ is }) => is.startsWith('bad')).length,
        timed: list.filter(({ is }) => !/^aborted|untimed$/.test(is)).length,
      });
    },
    120_000,
  );
});

function metricsOf(server: FakeServer, user: string): string[] {
  const hash = unitHash(UNIT_SALT, user);
  const own = server.outcomes.filter(({ unit }) => unit === hash);
  return [...new Set(own.map(({ metric }) => metric))].sort();
}

function trafficOf(server: FakeServer): { requests: number; bad: number; timed: number } {
  const sums = { requests: 0, bad: 0, timed: 0 };
  for (const { traffic } of server.reports) {
    sums.requests += traffic?.metrics['http.error_rate']?.count ?? 0;
    sums.bad += traffic?.metrics['http.error_rate']?.bad ?? 0;
    sums.timed += traffic?.metrics['http.latency']?.count ?? 0;
  }
  return sums;
}
