import { type AttributeReader, compileReader, MAX_SLICES, sliceValue } from '@downhaul/engine';
import type { EvaluationContext } from '@openfeature/server-sdk';

/** Reads what a rollout's plan tells apart; undefined where the context says nothing of it. Never throws. */
export type SliceReader = (
  context: EvaluationContext,
) => Readonly<Record<string, string>> | undefined;

const NOTHING: SliceReader = () => undefined;

/** Only the attributes that are named leave the process, and only as short texts. */
export function compileSliceReader(attributes: readonly string[] = []): SliceReader {
  if (attributes.length === 0) return NOTHING;
  const readers = attributes
    .slice(0, MAX_SLICES)
    .map((attribute) => ({ attribute, read: compileReader(attribute) }));
  return (context) => {
    const found: Record<string, string> = {};
    let isEmpty = true;
    for (const { attribute, read } of readers) {
      const value = valueOf(read, context);
      if (value === undefined) continue;
      found[attribute] = value;
      isEmpty = false;
    }
    return isEmpty ? undefined : found;
  };
}

function valueOf(read: AttributeReader, context: EvaluationContext): string | undefined {
  try {
    return sliceValue(read(context));
  } catch {
    // A context whose members throw is its owner's; the unit counts as unknown.
    return undefined;
  }
}
