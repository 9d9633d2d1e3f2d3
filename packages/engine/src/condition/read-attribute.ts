import type { EvaluationContext } from '../evaluate/types.ts';

export type AttributeReader = (context: EvaluationContext) => unknown;

/** Compiles the reading of an attribute; a dot steps into a nested object. Missing is `undefined`. */
export function compileReader(path: string): AttributeReader {
  const [first = '', ...rest] = path.split('.');
  if (rest.length > 0) return (context) => rest.reduce(readMember, readMember(context, first));
  if (isBuiltIn(path)) return (context) => readMember(context, path);
  return (context) => context[path];
}

/** True if plain objects have it without being given it: then only an own member counts. */
export function isBuiltIn(name: string): boolean {
  return name in Object.prototype;
}

function readMember(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
