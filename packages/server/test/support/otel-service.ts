import { EventHook, SpanEventHook } from '@openfeature/open-telemetry-hooks';
import { type Client, type Hook, InMemoryProvider, OpenFeature } from '@openfeature/server-sdk';
import { SpanKind, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

export interface OtelService {
  /** One request of a user: a span of kind SERVER in which the flag is evaluated. */
  handle(user: string): Promise<boolean>;
  /** Sends what waits. */
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}

interface Given {
  /** Of the Downhaul server. */
  readonly url: string;
  readonly token: string;
  /** Evaluations as span events over protobuf, or as log events over JSON. */
  readonly by: 'spanEvents' | 'logEvents';
  /** Whether evaluations name their user. */
  readonly namesUsers: boolean;
  /** The variant of a user, by whatever means the service has. */
  readonly variantOf: (user: string) => 'on' | 'off';
  readonly isBad: (user: string, on: boolean) => boolean;
  readonly service?: string;
}

/**
 * A service with the real OpenTelemetry SDK, its exporters and OpenFeature with its hook for
 * OpenTelemetry: nothing in it knows of Downhaul but an address and a token.
 */
export async function startOtelService(given: Given): Promise<OtelService> {
  const exports = openTelemetry(given);
  const client = await openFeature(given);
  const tracer = exports.tracers.getTracer('checkout');
  return {
    handle: (user) =>
      tracer.startActiveSpan('GET /checkout', { kind: SpanKind.SERVER }, async (span) => {
        const context = given.namesUsers ? { targetingKey: user, user } : { user };
        const on = await client.getBooleanValue('new-checkout', false, context);
        const status = given.isBad(user, on) ? 500 : 200;
        span.setAttribute('http.response.status_code', status);
        span.end();
        return status < 500;
      }),
    flush: exports.flush,
    shutdown: async () => {
      await exports.shutdown();
      await OpenFeature.close();
      trace.disable();
      logs.disable();
    },
  };
}

function openTelemetry({ url, token, by, service = 'storefront' }: Given) {
  const headers = { authorization: `Bearer ${token}` };
  const resource = resourceFromAttributes({
    'service.name': service,
    'service.instance.id': 'pod-1',
  });
  const spans = { url: `${url}/v1/traces`, headers };
  const exporter =
    by === 'logEvents' ? new JsonTraceExporter(spans) : new ProtobufTraceExporter(spans);
  const often = { scheduledDelayMillis: 50 };
  const tracers = new NodeTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(exporter, often)],
  });
  tracers.register();
  const records = new OTLPLogExporter({ url: `${url}/v1/logs`, headers });
  const loggers = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: records, ...often })],
  });
  logs.setGlobalLoggerProvider(loggers);
  return {
    tracers,
    flush: async () => {
      await Promise.all([tracers.forceFlush(), loggers.forceFlush()]);
    },
    shutdown: async () => {
      await Promise.all([tracers.shutdown(), loggers.shutdown()]);
    },
  };
}

async function openFeature({ by, variantOf }: Given): Promise<Client> {
  const provider = new InMemoryProvider({
    'new-checkout': {
      variants: { on: true, off: false },
      defaultVariant: 'off',
      disabled: false,
      contextEvaluator: ({ user }) => variantOf(typeof user === 'string' ? user : ''),
    },
  });
  await OpenFeature.setProviderAndWait(provider);
  const client = OpenFeature.getClient();
  const hook: Hook = by === 'logEvents' ? new EventHook() : new SpanEventHook();
  client.clearHooks();
  client.addHooks(hook);
  return client;
}
