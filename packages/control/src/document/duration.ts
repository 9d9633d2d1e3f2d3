/** A duration in a document: a whole number and its unit. */
export const DURATION_PATTERN = '^[0-9]{1,9}(ms|s|m|h|d)$';
export const DURATION_ACCEPTS = 'a whole number and a unit, ms, s, m, h or d, such as 30m or 500ms';

const LENGTH_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const DURATION = new RegExp(DURATION_PATTERN);

/** Milliseconds of a text such as `30m`; undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  const unit = DURATION.exec(text)?.[1];
  const lengthMs = unit === undefined ? undefined : LENGTH_MS[unit];
  return lengthMs === undefined ? undefined : Number.parseInt(text, 10) * lengthMs;
}

/** A duration as a person writes it, in the largest unit that needs no fraction: `90m`. */
export function durationText(durationMs: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    const lengthMs = LENGTH_MS[unit]!;
    if (durationMs >= lengthMs && durationMs % lengthMs === 0)
      return `${durationMs / lengthMs}${unit}`;
  }
  return durationMs === 0 ? '0s' : `${durationMs}ms`;
}
