import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { create } from '@bufbuild/protobuf';
import { refusal } from '../error/refusal.ts';
import { RpcStatusSchema } from '../generated/otlp_pb.ts';
import type { App } from '../http/app-types.ts';
import type { ServerContext } from '../http/context.ts';
import { toRefusal } from '../http/problem.ts';
import { CATALOGUE } from '../error/catalogue.ts';
import { CONTENT_TYPES, type Encoding, type Received, writeBody } from './body.ts';

/** As it comes, often as gzip. */
export const OTLP_LIMIT_BYTES = 4 << 20;

/** Codes of gRPC, which the body of a refused OTLP request has. */
const RPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  413: 8,
  415: 3,
  429: 8,
  503: 14,
};
const RPC_INTERNAL = 13;

/** Makes a part of the app speak OTLP/HTTP: bodies as bytes, refusals as its protocol has them. */
export function speakOtlp(app: App, { metrics }: ServerContext): void {
  app.removeAllContentTypeParsers();
  const types = Object.values(CONTENT_TYPES);
  app.addContentTypeParser(types, { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  app.addContentTypeParser('*', (request, _payload, done) => {
    done(refusal('otlp_type_unsupported', { type: request.headers['content-type'] ?? 'none' }));
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { problem, retryAfterSeconds } = toRefusal(error, request);
    const status = CATALOGUE[problem.code]?.status ?? 500;
    const failed = status >= 500 && retryAfterSeconds === undefined;
    if (failed) request.log.error({ err: error }, 'request failed');
    metrics.count('downhaul_refusals_total', 1, { code: problem.code });
    if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    const code = RPC_CODES[status] ?? RPC_INTERNAL;
    const body = create(RpcStatusSchema, { code, message: `${problem.code}: ${problem.message}` });
    return send(reply.code(status), writeBody(RpcStatusSchema, body, encodingOf(request)), request);
  });
}

/** Sends a body in the encoding of the request. */
export function send(reply: FastifyReply, body: Buffer, request: FastifyRequest): FastifyReply {
  return reply.type(CONTENT_TYPES[encodingOf(request)]).send(body);
}

/** What came of an export. */
export function receivedOf(request: FastifyRequest): Received {
  return {
    bytes: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    contentEncoding: request.headers['content-encoding'],
    encoding: encodingOf(request),
  };
}

export function encodingOf({ headers }: FastifyRequest): Encoding {
  return headers['content-type']?.startsWith(CONTENT_TYPES.json) === true ? 'json' : 'protobuf';
}
