const MAX_CHARACTERS = 80;

/** A value of a context in a few characters. Never throws, whatever the value does when it is looked at. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return shorten(JSON.stringify(value.slice(0, MAX_CHARACTERS + 1)));
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  try {
    if (value instanceof Date)
      return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
    return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
  } catch {
    return 'unreadable';
  }
}

/** An operand, from a snapshot and therefore JSON. */
export function describeOperand(operand: unknown): string {
  if (!Array.isArray(operand)) return describeValue(operand);
  const shown = operand.slice(0, 5).map(describeValue).join(', ');
  return operand.length > 5 ? `[${shown}, … ${operand.length} in all]` : `[${shown}]`;
}

function shorten(text: string): string {
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
