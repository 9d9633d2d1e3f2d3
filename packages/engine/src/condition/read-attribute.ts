import type { EvaluationContext } from '../evaluate/types.ts';

export type AttributeReader = (context: EvaluationContext) => unknown;

/** Compiles the reading of an attribute; a dot steps into a nested object. Missing is `undefined`. */
export function compileReader(path: string): AttributeReader {
  if (isPlainName(path)) return (context) => context[path];
  const [first = '', ...rest] = path.split('.');
  return (context) => rest.reduce(readMember, readMember(context, first));
}

/**
 * True if the attribute can be had by simply asking for it: no path, and nothing that every object has
 * without being given it, such as `constructor`.
 */
export function isPlainName(path: string): boolean {
  return !path.includes('.') && !(path in Object.prototype);
}

/**
 * A member of an object as asking for it gives it, so that a getter of its class counts like a member of its
 * own. What every object has without being given it, such as `constructor`, counts only as its own. Undefined
 * for anything that has no members. Throws what a getter throws.
 */
export function readMember(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (name in Object.prototype && !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
