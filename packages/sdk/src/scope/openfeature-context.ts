import { type EvaluationContext, OpenFeature } from '@openfeature/server-sdk';
import type { RequestScope } from './request-scope.ts';

/**
 * What of a context that OpenFeature has merged stands above the scope's. OpenFeature knows no scope, and
 * puts its global context and that of its transaction under that of the call: what comes from these two
 * is left to the scope where the scope says it, too. A value of the call that is the same as theirs
 * cannot be told from it (docs/decisions/0029-whose-scope.md). Never throws.
 */
export function aboveScope(
  merged: EvaluationContext,
  scope: RequestScope | undefined,
): EvaluationContext {
  const scoped = scope?.context;
  return scoped ? without(merged, (name) => says(scoped, name)) : merged;
}

/** The context that names the units of a tracked event: the call's own where the scope knows a unit. */
export function trackedContext(
  merged: EvaluationContext,
  scope: RequestScope | undefined,
): EvaluationContext {
  return scope && scope.key !== '' ? without(merged, () => true) : merged;
}

function without(
  merged: EvaluationContext,
  isLeftOut: (name: string) => boolean,
): EvaluationContext {
  const below = { ...OpenFeature.getContext(), ...OpenFeature.getTransactionContext() };
  const names = Object.keys(below).filter(
    (name) => merged[name] === below[name] && isLeftOut(name),
  );
  if (names.length === 0) return merged;
  return Object.fromEntries(Object.entries(merged).filter(([name]) => !names.includes(name)));
}

function says(scoped: EvaluationContext, name: string): boolean {
  try {
    return Object.hasOwn(scoped, name);
  } catch {
    // Of a getter that throws, those shall hear who read it.
    return true;
  }
}
