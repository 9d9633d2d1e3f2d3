import type { DomainError } from './types.ts';

/** A value, or every problem that was found (at least one). */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly DomainError[] };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failure(...problems: readonly DomainError[]): {
  readonly ok: false;
  readonly problems: readonly DomainError[];
} {
  return { ok: false, problems };
}
