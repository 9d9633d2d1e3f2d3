import type { EvaluationContext } from '@openfeature/server-sdk';
import type { OutcomeRecorder } from './outcome-recorder.ts';
import { promiseOf } from './promise.ts';
import type { Scopes } from './scopes.ts';

interface RunSettings {
  readonly scopes: Scopes;
  readonly recorder: OutcomeRecorder;
}

export interface RunOptions {
  /** True for work that no person asked for, such as a probe: measured apart, in no arm. */
  readonly synthetic?: boolean;
}

interface Run<T> extends RunOptions {
  readonly context: EvaluationContext | undefined;
  readonly work: () => T;
}

/**
 * Runs work in a scope of its own. Its end is an outcome: good when it returns or resolves, bad when it
 * throws or rejects, which goes on to the caller. What is waited for comes back as a promise.
 */
export function runInScope<T>(
  { scopes, recorder }: RunSettings,
  { context, work, synthetic = false }: Run<T>,
): T {
  const scope = scopes.open(context, { synthetic });
  return scopes.enter(scope, () => {
    let result: T;
    try {
      result = work();
    } catch (error) {
      recorder.end(scope, { bad: true });
      throw error;
    }
    const promise = promiseOf(result);
    if (!promise) {
      recorder.end(scope, { bad: false });
      return result;
    }
    return promise.then(
      (value) => {
        recorder.end(scope, { bad: false });
        return value;
      },
      (error: unknown) => {
        recorder.end(scope, { bad: true });
        throw error;
      },
    ) as T;
  });
}
