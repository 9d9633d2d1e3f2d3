const UNITS = [
  { ms: 86_400_000, one: 'day', many: 'days' },
  { ms: 3_600_000, one: 'hour', many: 'hours' },
  { ms: 60_000, one: 'minute', many: 'minutes' },
  { ms: 1_000, one: 'second', many: 'seconds' },
];

/** A duration for a sentence, in its largest fitting unit: `35 days`, `1 hour`, `for ever`. */
export function durationText(durationMs: number): string {
  if (!Number.isFinite(durationMs)) return 'for ever';
  const unit = UNITS.find(({ ms }) => durationMs >= ms) ?? UNITS.at(-1);
  if (unit === undefined) return `${durationMs} ms`;
  const count = Number((durationMs / unit.ms).toPrecision(2));
  return `${count} ${count === 1 ? unit.one : unit.many}`;
}
