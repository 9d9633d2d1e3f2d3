import { setTimeout as sleep } from 'node:timers/promises';
import type { PrometheusServer } from './servers.ts';
import { SourceFailure } from './source-failure.ts';

interface Question {
  readonly query: string;
  /** Moment that the query is evaluated at. */
  readonly atMs: number;
  /** Everything, retries included, is over after so long. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** One answer is one figure; more than this is no answer to it. */
const MAX_BYTES = 1 << 20;
/** One attempt; a server that needs longer for one figure is no help to a rollout. */
const ATTEMPT_MS = 5_000;
/** Waited before each further attempt. */
const BACKOFF_MS = [250, 1_000];

/**
 * Asks a Prometheus server one instant query and returns the body of its answer. Time-outs, broken
 * connections and answers of overload are tried again while the limit lasts.
 *
 * @throws SourceFailure with what went wrong, without any secret.
 */
export async function ask(server: PrometheusServer, question: Question): Promise<string> {
  const endMs = performance.now() + question.limitMs;
  for (let attempt = 0; ; attempt += 1) {
    const leftMs = endMs - performance.now();
    try {
      return await askOnce(server, question, Math.ceil(Math.max(1, Math.min(ATTEMPT_MS, leftMs))));
    } catch (error) {
      const waitMs = BACKOFF_MS[attempt];
      const failure = SourceFailure.from(error);
      const isOver = waitMs === undefined || performance.now() + waitMs >= endMs;
      if (!failure.passing || isOver || question.signal.aborted) throw failure;
      await sleep(waitMs, undefined, { signal: question.signal });
    }
  }
}

async function askOnce(
  server: PrometheusServer,
  { query, atMs, signal }: Question,
  timeoutMs: number,
): Promise<string> {
  const response = await fetch(`${server.url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({
      query,
      time: (atMs / 1_000).toFixed(3),
      timeout: `${timeoutMs}ms`,
    }),
    headers: headersOf(server),
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    throw new SourceFailure('redirected', 'It sends elsewhere; redirects are not followed.');
  }
  const text = await readLimited(response);
  if (isHtml(response, text)) {
    const what = `It answers HTML with status ${response.status}: that is no Prometheus API.`;
    throw new SourceFailure('not_json', what);
  }
  // What the query itself is refused for comes as JSON with 400 or 422.
  // Other ways of success, such as 206, are no whole answer.
  if ([200, 400, 422].includes(response.status)) return text;
  const passing = response.status >= 500 || response.status === 429;
  throw new SourceFailure('status', `It answers with status ${response.status}.`, passing);
}

function headersOf(server: PrometheusServer): Record<string, string> {
  const authorization = server.authorization();
  return { accept: 'application/json', ...(authorization ? { authorization } : {}) };
}

function isHtml(response: Response, text: string): boolean {
  const type = response.headers.get('content-type') ?? '';
  return type.includes('html') || /^\s*</.test(text);
}

async function readLimited(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes > MAX_BYTES) {
      await response.body?.cancel().catch(() => undefined);
      throw new SourceFailure('too_large', `Its answer has more than ${MAX_BYTES} bytes.`);
    }
    text += decoder.decode(chunk as Uint8Array, { stream: true });
  }
  return text + decoder.decode();
}
