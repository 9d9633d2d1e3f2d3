import type { Answer } from './transport.ts';

/** The server refused the request and says why: an answer of ours, not of something in between. */
interface Problem {
  readonly code: string;
}

/** Reads `application/problem+json`; undefined for any other answer. */
export function problemOf(answer: Pick<Answer, 'headers' | 'body'>): Problem | undefined {
  if (!answer.headers['content-type']?.includes('application/problem+json')) return undefined;
  try {
    const body = JSON.parse(answer.body) as { code?: unknown } | null;
    return { code: typeof body?.code === 'string' ? body.code.slice(0, 100) : 'unknown' };
  } catch {
    return { code: 'unknown' };
  }
}
