const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads `250ms`, `30s`, `1h30m`, …; undefined for anything else. */
export function parseDurationMs(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  let sumMs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    sumMs += Number(amount) * unitMs[unit as keyof typeof unitMs];
  return sumMs;
}

/** A length of time as a person says it: two units at most (`1h 30m`, `45s`, `0.4s`). */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < 10_000) return `${trimZero((ms / 1000).toFixed(1))}s`;
  const seconds = Math.round(ms / 1000);
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join(' ');
}

/** A share per million as a percentage, without needless zeros. */
export function formatShare(sharePerMillion: number): string {
  return `${trimZero((sharePerMillion / 10_000).toFixed(4).replace(/0+$/, ''))}%`;
}

function trimZero(text: string): string {
  return text.replace(/\.0*$/, '');
}
