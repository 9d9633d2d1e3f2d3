/** Attributes that one rollout may tell apart. */
export const MAX_SLICES = 8;
/** Characters of a value; a longer one names no group of units. */
export const MAX_SLICE_VALUE = 64;

/**
 * An attribute's value as exposures carry it: a text as it is, a number or a boolean as its text.
 * Undefined for anything else, for the empty text and for one that is too long: the unit counts as unknown.
 */
export function sliceValue(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined || text === '' || text.length > MAX_SLICE_VALUE ? undefined : text;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}
