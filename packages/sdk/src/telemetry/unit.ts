import type { EvaluationContext } from '@openfeature/server-sdk';

/** Reads the unit of a context as text; the empty text means that there is none. */
export type UnitReader = (context: EvaluationContext) => string;

/** Compiles the reading of an attribute, by the engine's rule: a dot steps into a nested object. */
export function compileUnitReader(attribute: string): UnitReader {
  if (attribute === 'targetingKey') return (context) => unitText(context.targetingKey);
  const read = compileAttributeReader(attribute);
  return (context) => unitText(read(context));
}

/** Compiles the reading of any attribute by the same rule; undefined where there is none. */
export function compileAttributeReader(attribute: string): (context: EvaluationContext) => unknown {
  const path = attribute.split('.');
  return (context) => path.reduce(readMember, context);
}

function readMember(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** A text stands for itself, a whole number for its decimal text; anything else is no unit. */
function unitText(value: unknown): string {
  if (typeof value === 'string') return value;
  return Number.isSafeInteger(value) ? String(value) : '';
}
