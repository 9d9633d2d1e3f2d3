const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:[Zz]|([+-])(\d{2}):(\d{2})))?$/;

export const INSTANT_ACCEPTS =
  'a date such as 2027-03-01 (UTC) or an RFC 3339 date and time with its zone';

/**
 * Milliseconds since 1970 of a date (its start in UTC) or of an RFC 3339 date and time; undefined for
 * any other text. Not `Date.parse`, which reads local time and differs between runtimes.
 */
function parseInstant(text: string): number | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const offset = zoneOffsetMinutes(match[8], Number(match[9] ?? 0), Number(match[10] ?? 0));
  if (hour! > 23 || minute! > 59 || second! > 59 || offset === undefined) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year!, month! - 1, day);
  if (date.getUTCMonth() !== month! - 1 || date.getUTCDate() !== day) return undefined;
  return date.setUTCHours(hour!, minute! - offset, second, milliseconds);
}

/** Milliseconds since 1970 of an operand, which is a text as above. */
export function operandInstant(operand: unknown): number | undefined {
  return typeof operand === 'string' ? parseInstant(operand) : undefined;
}

/**
 * Milliseconds since 1970 of an attribute: a text as above, milliseconds already, or a `Date`. NaN, which
 * is neither before nor after anything, for everything else.
 */
export function attributeInstant(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return parseInstant(value) ?? Number.NaN;
  return value instanceof Date ? value.getTime() : Number.NaN;
}

function zoneOffsetMinutes(sign: string | undefined, hours: number, minutes: number) {
  if (hours > 23 || minutes > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes);
}
