import swagger from '@fastify/swagger';
import { type IncomingMessage, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import Fastify, {
  type FastifyError,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Connections } from '../connections/connections.ts';
import type { Ids } from '../ids/ids.ts';
import type { Metrics } from '../metrics/registry.ts';
import { refusal } from '../error/refusal.ts';
import { actorOf } from '../auth/access.ts';
import type { App } from './app-types.ts';
import { authenticate } from './authenticate.ts';
import type { ServerContext } from './context.ts';
import { loggedUrl } from './logged-url.ts';
import { components, openApi } from './openapi.ts';
import { problemOf, toRefusal } from './problem.ts';
import { readBody } from './read-body.ts';
import { speakOtlp } from '../otlp/otlp-scope.ts';
import { apiRoutes, otlpRoutes, rootRoutes } from './routes/list.ts';

const BODY_LIMIT_BYTES = 1 << 20;

interface FastifyInput {
  readonly logLevel: string;
  /** Where log lines go; standard output by default. */
  readonly logStream?: { write(line: string): void };
  /** Makes the server that requests come from; one of Node, unconfigured, by default. */
  readonly serverFor?: (onRequest: RequestListener) => Server;
  readonly ids: Ids;
}

/** The bare HTTP server with its logger; `addRoutes` gives it something to answer. */
export function createApp({ logLevel, logStream, serverFor, ids }: FastifyInput): App {
  const options = {
    logger: {
      level: logLevel,
      base: null,
      redact: ['req.headers.authorization', 'headers.authorization', 'token', 'secret'],
      ...(logStream ? { stream: logStream } : {}),
    },
    bodyLimit: BODY_LIMIT_BYTES,
    ...(serverFor ? { serverFactory: serverFor } : {}),
    exposeHeadRoutes: false,
    clientErrorHandler: answerUnreadable,
    frameworkErrors: answerUnroutable,
    // Every answer is logged once, by `logAnswer`.
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 1_000 },
    genReqId: (request: IncomingMessage): string => {
      const given = request.headers['correlation-id'];
      return typeof given === 'string' && /^[\x21-\x7e]{1,200}$/.test(given) ? given : ids.uuid();
    },
  };
  return Fastify(options);
}

/** For a path that cannot be decoded or has too long a part: there is no route yet that would answer. */
function answerUnroutable(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { problem } = refusal('request_malformed', { problem: error.message });
  const body = JSON.stringify(problemOf(problem, request.id));
  void reply.header('correlation-id', request.id);
  return reply.code(400).type('application/problem+json').send(body);
}

/** For what is no HTTP, or breaks off or stays away before there is a request: a problem, and the end. */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (socket.writable && error.code !== 'ECONNRESET') {
    const { problem } =
      error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? refusal('request_incomplete')
        : refusal('request_malformed', { problem: error.message });
    const answer = problemOf(problem, 'none');
    const body = JSON.stringify(answer);
    socket.write(
      `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n` +
        'content-type: application/problem+json\r\nconnection: close\r\n' +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroySoon();
}

/** The HTTP interface over a running server's parts. */
export async function addRoutes(
  app: App,
  context: ServerContext,
  connections: Pick<Connections, 'admit'> = { admit: () => true },
): Promise<void> {
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  // Answers are typed by their schemas; serialising by them too would only drop what they forget.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  readJson(app);
  handleErrors(app, context.metrics);
  for (const schema of components) app.addSchema(schema);
  await app.register(swagger, openApi);
  authenticate(app, () => context.log.state.tokens, connections);
  observe(app, context.metrics);
  for (const route of rootRoutes) route(app, context);
  await app.register((otlp, _options, done) => {
    speakOtlp(otlp, context);
    for (const route of otlpRoutes) route(otlp, context);
    done();
  });
  await app.register(
    (api, _options, done) => {
      for (const route of apiRoutes) route(api, context);
      done();
    },
    { prefix: '/api/v1' },
  );
  await app.ready();
}

/**
 * What people write is read exactly. Reports of SDKs are many and large, and no document: they are read
 * by the platform's own parser, as is the why of the way down, which nothing may deny. An empty body is
 * no body: `curl -X POST` sends none.
 */
function readJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    if (bytes.length === 0) return done(null, null);
    const { access, isWayDown } = request.routeOptions.config;
    if (access === 'sdk' || isWayDown === true)
      return void parse(request, bytes.toString('utf8'), done);
    let value: unknown;
    try {
      value = readBody(bytes);
    } catch (error) {
      return done(error as Error);
    }
    done(null, value);
  });
}

function handleErrors(app: App, metrics: Metrics): void {
  metrics.declare('downhaul_refusals_total', 'counter', 'Requests refused, by code.');
  app.addHook('onSend', async (request, reply) => {
    void reply.header('correlation-id', request.id);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { problem, retryAfterSeconds } = toRefusal(error, request);
    const body = problemOf(problem, request.id);
    // What is only to be sent again later has not failed.
    const failed = body.status >= 500 && retryAfterSeconds === undefined;
    if (failed) request.log.error({ err: error }, 'request failed');
    metrics.count('downhaul_refusals_total', 1, { code: body.code });
    if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds);
    if (body.status === 401) void reply.header('www-authenticate', 'Bearer');
    return reply.code(body.status).type('application/problem+json').send(JSON.stringify(body));
  });
  app.setNotFoundHandler((request) => {
    throw refusal('route_unknown', {
      method: request.method,
      url: request.url.split('?')[0] ?? '',
    });
  });
}

function observe(app: App, metrics: Metrics): void {
  metrics.declare('downhaul_http_requests_total', 'counter', 'Requests answered, by status class.');
  metrics.declare('downhaul_http_request_seconds', 'histogram', 'Time to answer a request.');
  app.addHook('onResponse', async (request, reply) => {
    logAnswer(request, reply);
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    metrics.count('downhaul_http_requests_total', 1, { status });
    metrics.observe('downhaul_http_request_seconds', reply.elapsedTime / 1_000);
  });
}

/** Changes and refusals are worth a line; who looks, streams or reports is not, unless debugging. */
function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const { method } = request;
  const url = loggedUrl(request.url);
  const { statusCode: status } = reply;
  const isChange = method !== 'GET' && request.routeOptions.config.access !== 'sdk';
  const failed = status >= 500 && !reply.hasHeader('retry-after');
  const level = failed ? 'error' : status >= 400 ? 'warn' : isChange ? 'info' : 'debug';
  const actor = request.grant && actorOf(request.grant);
  request.log[level]({ method, url, status, actor, durationMs: reply.elapsedTime }, 'answered');
}
