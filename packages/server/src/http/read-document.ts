import type { DomainError, Result } from '@downhaul/control';
import { Refusal, refusal } from '../error/refusal.ts';

/** The value of a document that was read, which must have the key that the path names. */
export function readDocument<T extends { readonly key: string }>(read: Result<T>, key: string): T {
  if (!read.ok) throw new Refusal(withAll(read.problems));
  if (read.value.key === key) return read.value;
  throw refusal('key_mismatch', { expected: key, found: read.value.key });
}

/** The first problem; where there are more, its details name them all. */
export function withAll(problems: readonly DomainError[]): DomainError {
  const [first, ...rest] = problems;
  if (!first) throw new Error('a refusal without a problem');
  if (rest.length === 0) return first;
  const details = problems.map(({ code, message, path }) => ({ code, message, path }));
  return { ...first, details: { problems: details } };
}
