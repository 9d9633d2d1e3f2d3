import { isPromise } from 'node:util/types';

/**
 * A result as a promise, if it is one or like one. What is only like one, such as the query of a database
 * library, may begin its work when it is first waited for, and again each time: it is waited for once, here,
 * and whoever has the promise waits for that. Never throws.
 */
export function promiseOf(result: unknown): Promise<unknown> | undefined {
  if (isPromise(result)) return result;
  return isThenable(result) ? Promise.resolve(result) : undefined;
}

function isThenable(result: unknown): boolean {
  if (result === null || (typeof result !== 'object' && typeof result !== 'function')) return false;
  try {
    return typeof (result as { readonly then?: unknown }).then === 'function';
  } catch {
    // A member that throws is its owner's.
    return false;
  }
}
