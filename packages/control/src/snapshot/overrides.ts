import type { JsonValue } from '@downhaul/engine';

/** Reads a page outside the chain by its name; undefined where it was erased. */
export type PageReader = (page: string) => string | undefined;

/**
 * The overrides that a page holds, `[{ "unitHash": …, "variant": … }]`, by unit hash. What is not of that
 * shape is left out: a page is outside the chain, and a broken entry must not break its flag.
 */
export function readOverrides(
  text: string | undefined,
  variants: Readonly<Record<string, JsonValue>>,
): Readonly<Record<string, string>> {
  const overrides: Record<string, string> = {};
  for (const entry of parseList(text)) {
    if (!isOverride(entry) || !Object.hasOwn(variants, entry.variant)) continue;
    overrides[entry.unitHash] = entry.variant;
  }
  return overrides;
}

function parseList(text: string | undefined): readonly unknown[] {
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function isOverride(
  entry: unknown,
): entry is { readonly unitHash: string; readonly variant: string } {
  if (typeof entry !== 'object' || entry === null) return false;
  const { unitHash, variant } = entry as Readonly<Record<string, unknown>>;
  return (
    typeof unitHash === 'string' && /^[0-9a-f]{16}$/.test(unitHash) && typeof variant === 'string'
  );
}
