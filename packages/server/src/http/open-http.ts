import { readFileSync } from 'node:fs';
import type { ServerOptions } from '../config/server-options.ts';
import { type Connections, createConnections } from '../connections/connections.ts';
import { connectionLimits, openFilesLimit } from '../connections/limits.ts';
import { createListener, type Listener } from '../connections/listener.ts';
import type { Ids } from '../ids/ids.ts';
import type { Metrics } from '../metrics/registry.ts';
import { answerUnreadable, createApp } from './app.ts';
import type { App } from './app-types.ts';
import { createGate, type Gate } from './starting.ts';

/** The HTTP side of a server. */
export interface Http {
  readonly app: App;
  readonly listener: Listener;
  readonly connections: Connections;
  readonly gate: Gate;
}

interface HttpInput {
  readonly options: ServerOptions;
  readonly ids: Ids;
  readonly metrics: Metrics;
  readonly logStream?: { write(line: string): void };
}

/** The HTTP server with its connections; it does not listen yet, and at first says that it starts. */
export function openHttp({ options, ids, metrics, logStream }: HttpInput): Http {
  const tls = readTls(options);
  const connections = createConnections({
    limits: connectionLimits(openFilesLimit(), options.maxConnectionsWithoutToken),
    metrics,
    warn: (figures, text) => app.log.warn(figures, text),
  });
  let listener: Listener | undefined;
  let gate: Gate | undefined;
  const app = createApp({
    ...{ logLevel: options.logLevel, ids, logStream: logStream ?? standardOutput() },
    serverFor: (routes) => {
      gate = createGate(routes, ids);
      const { onRequest } = gate;
      listener = createListener({ tls, connections, onRequest, onUnreadable: answerUnreadable });
      return listener.server;
    },
  });
  if (listener === undefined || gate === undefined) throw new Error('the HTTP server was not made');
  return { app, listener, connections, gate };
}

/** A terminal that was closed, or a reader that has seen enough, ends no server. */
function standardOutput(): { write(line: string): void } {
  const { stdout } = process;
  if (!stdout.listeners('error').includes(ignoreClosed)) stdout.on('error', ignoreClosed);
  return { write: (line) => void stdout.write(line) };
}

function ignoreClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
}

function readTls({ tlsCert, tlsKey }: ServerOptions): { cert: Buffer; key: Buffer } | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) };
}
