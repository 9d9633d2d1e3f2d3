import { randomUUID } from 'node:crypto';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import { formatDuration } from '../output/figures.ts';
import type { Api, Change, Query, Question } from './api.ts';
import type { Connection } from './connection.ts';
import { errorOfResponse } from './problem.ts';
import { patienceOfChange, patienceOfQuestion, persist } from './retry.ts';
import type { Patience } from './retry.ts';
import { interruption, notDownhaul, unreachable } from './unreachable.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

export interface HttpApiOptions {
  readonly connection: Connection;
  readonly interrupted: AbortSignal;
  /** How long changes are repeated, instead of each one's own patience. */
  readonly retryForMs?: number | undefined;
  /** Told, in one line for each reason, that a request is going to be repeated. */
  readonly onRetry: (line: string) => void;
  readonly fetch?: typeof fetch;
}

interface Sent {
  readonly method: string;
  readonly question: Question & Partial<Change>;
  readonly idempotencyKey?: string;
}

/** The API over HTTP. Rejects with a CommandError only. */
export function createHttpApi(options: HttpApiOptions): Api {
  return {
    url: options.connection.url,
    ask: (question) =>
      send(options, { method: question.body === undefined ? 'GET' : 'POST', question }),
    change: (change) =>
      send(options, { method: change.method, question: change, idempotencyKey: randomUUID() }),
  };
}

async function send<T>(options: HttpApiOptions, sent: Sent): Promise<T> {
  let told = '';
  try {
    return await persist({
      attempt: () => sendOnce<T>(options, sent),
      patience: patienceOf(options, sent),
      mayRepeat: (error) =>
        error instanceof CommandError && error.failure.exitCode === EXIT.unreachable,
      onPause: (error, leftMs) => {
        const why = error instanceof Error ? error.message : String(error);
        if (why === told) return;
        told = why;
        options.onRetry(`${why}; trying again for ${formatDuration(leftMs)}`);
      },
      interrupted: options.interrupted,
      nowMs: () => performance.now(),
    });
  } catch (error) {
    throw options.interrupted.aborted ? interruption(options.interrupted) : error;
  }
}

function patienceOf({ retryForMs }: HttpApiOptions, { question, idempotencyKey }: Sent): Patience {
  if (idempotencyKey === undefined) return question.patience ?? patienceOfQuestion;
  const patience = question.patience ?? patienceOfChange;
  return retryForMs === undefined ? patience : { ...patience, forMs: retryForMs };
}

async function sendOnce<T>(options: HttpApiOptions, sent: Sent): Promise<T> {
  const { connection, interrupted } = options;
  const { path, query, body, timeoutMs } = sent.question;
  let status: number;
  let text: string;
  try {
    const response = await (options.fetch ?? fetch)(addressOf(connection.url, path, query), {
      method: sent.method,
      headers: headersOf(connection, sent),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A redirect could lead a token, or a change, to another server.
      redirect: 'error',
      signal: AbortSignal.any([interrupted, AbortSignal.timeout(timeoutMs ?? DEFAULT_TIMEOUT_MS)]),
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    throw unreachable(connection.url, error);
  }
  const answer = parseJson(text);
  if (status < 200 || status >= 300) throw errorOfResponse(status, answer);
  if (answer === undefined && text !== '') throw notDownhaul(connection.url);
  return answer as T;
}

function addressOf(url: string, path: Question['path'], query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.size === 0 ? '' : `?${parameters.toString()}`;
  return `${url}/api/v1/${path.map((part) => encodeURIComponent(part)).join('/')}${text}`;
}

function headersOf(connection: Connection, sent: Sent): Record<string, string> {
  const { justification, ifVersion } = sent.question;
  return {
    accept: 'application/json',
    ...(justification === undefined ? {} : { justification: encodeURIComponent(justification) }),
    ...(ifVersion === undefined ? {} : { 'if-match': `"${ifVersion}"` }),
    ...(sent.question.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(connection.token === undefined ? {} : { authorization: `Bearer ${connection.token}` }),
    ...(sent.idempotencyKey === undefined ? {} : { 'idempotency-key': sent.idempotencyKey }),
  };
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
