import { randomUUID } from 'node:crypto';
import { createDownhaulClient } from '@downhaul/client';
import type { DownhaulClient } from '@downhaul/client';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import { formatDuration } from '../output/figures.ts';
import type { Answer, Api, AskOptions, Call, ChangeOptions } from './api.ts';
import type { Connection } from './connection.ts';
import { errorOfResponse } from './problem.ts';
import { patienceOfChange, patienceOfQuestion, persist } from './retry.ts';
import type { Patience } from './retry.ts';
import { interruption, notDownhaul, unreachable } from './unreachable.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

interface HttpApiOptions {
  readonly connection: Connection;
  readonly interrupted: AbortSignal;
  /** How long changes are repeated, instead of each one's own patience. */
  readonly retryForMs?: number | undefined;
  /** Told, in one line for each reason, that a request is going to be repeated. */
  readonly onRetry: (line: string) => void;
}

/** The API over HTTP. Rejects with a CommandError only. */
export function createHttpApi(options: HttpApiOptions): Api {
  const client = createClient(options.connection);
  const sender = { ...options, client };
  return {
    ask: (call, more = {}) =>
      send(sender, { call, more, headers: {}, patience: more.patience ?? patienceOfQuestion }),
    change: (call, more = {}) =>
      send(sender, {
        call,
        more,
        headers: changeHeaders(more),
        patience: patienceOf(more, options.retryForMs),
      }),
  };
}

function createClient({ url, token }: Connection): DownhaulClient {
  return createDownhaulClient({
    url,
    token: '',
    fetch: (request) => {
      const present = token();
      if (present === undefined) request.headers.delete('authorization');
      else request.headers.set('authorization', `Bearer ${present}`);
      // A redirect could lead a token, or a change, to another server.
      return fetch(request, { redirect: 'error' });
    },
  });
}

function changeHeaders({ justification, ifVersion }: ChangeOptions): Record<string, string> {
  return {
    'idempotency-key': randomUUID(),
    ...(justification === undefined ? {} : { justification: encodeURIComponent(justification) }),
    ...(ifVersion === undefined ? {} : { 'if-match': `"${ifVersion}"` }),
  };
}

function patienceOf({ patience = patienceOfChange }: AskOptions, forMs?: number): Patience {
  return forMs === undefined ? patience : { ...patience, forMs };
}

interface Sender extends HttpApiOptions {
  readonly client: DownhaulClient;
}

interface Sent<T> {
  readonly call: Call<T>;
  readonly more: AskOptions;
  readonly headers: Readonly<Record<string, string>>;
  readonly patience: Patience;
}

async function send<T>(sender: Sender, sent: Sent<T>): Promise<T> {
  let told = '';
  try {
    return await persist({
      attempt: () => sendOnce(sender, sent),
      patience: sent.patience,
      mayRepeat: (error) =>
        error instanceof CommandError && error.failure.exitCode === EXIT.unreachable,
      onPause: (error, leftMs) => {
        const why = error instanceof Error ? error.message : String(error);
        if (why === told) return;
        told = why;
        sender.onRetry(`${why}; trying again for ${formatDuration(leftMs)}`);
      },
      interrupted: sender.interrupted,
      nowMs: () => performance.now(),
    });
  } catch (error) {
    throw sender.interrupted.aborted ? interruption(sender.interrupted) : error;
  }
}

async function sendOnce<T>(sender: Sender, { call, more, headers }: Sent<T>): Promise<T> {
  const { client, connection, interrupted } = sender;
  const timeout = AbortSignal.timeout(more.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  let answer: Answer<T>;
  try {
    answer = await call(client, { headers, signal: AbortSignal.any([interrupted, timeout]) });
  } catch (error) {
    throw error instanceof SyntaxError
      ? notDownhaul(connection.url)
      : unreachable(connection.url, error);
  }
  const { data, error, response } = answer;
  if (!response.ok) throw errorOfResponse(response.status, error);
  return data as T;
}
