import { getRequestListener } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { describe, expect, it } from 'vitest';
import { createTestDownhaul } from '../../src/testing/index.ts';

/** As an application writes it, with no type of ours and none left out: the compiler is the test. */
describe('the lines of the README', () => {
  it('have the types that the frameworks ask for', async () => {
    const downhaul = createTestDownhaul({});
    const app = express();
    app.use(
      downhaul.express({
        context: (request) => ({ targetingKey: String(request.headers['x-user']) }),
      }),
    );
    app.use(
      downhaul.express({
        context: (request: express.Request) => ({ targetingKey: request.get('x-user') ?? '' }),
      }),
    );
    const plugin = fastify();
    await plugin.register(downhaul.fastify, {
      context: (request) => ({ targetingKey: String(request.headers['x-user']) }),
    });
    await plugin.close();
    const listener = getRequestListener(new Hono().fetch);
    const context = (request: { readonly headers: Readonly<Record<string, unknown>> }) => ({
      targetingKey: String(request.headers['x-user']),
    });
    const handler = downhaul.http((request, response) => void listener(request, response), {
      context,
    });
    createServer(handler).close();
    createHttp2Server(downhaul.http((_request, response) => response.end())).close();
    const waited: Promise<number> = downhaul.run({}, async () => 1);
    const plain: number = downhaul.run({}, () => 1);
    expect([await waited, plain]).toEqual([1, 1]);
  });
});
