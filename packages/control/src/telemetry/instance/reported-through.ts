import type { InstanceState } from './types.ts';

const MAX_AWAITED = 64;

/**
 * Notes what a report covers, once its number is noted. Reports that it has overtaken are awaited:
 * what they tell is of the time before it.
 */
export function noteCoverage(
  instance: InstanceState,
  report: { readonly lastSequence: number; readonly sequence: number; readonly throughMs: number },
  atMs: number,
): void {
  const { awaited, gaps } = instance;
  if (report.sequence > report.lastSequence + 1) {
    const range = [report.lastSequence + 1, report.sequence - 1] as const;
    awaited.push({ range, noticedAtMs: atMs, throughMs: instance.throughMs });
    if (awaited.length > MAX_AWAITED) awaited.shift();
  }
  const open = awaited.filter(({ range: [from, to] }) =>
    gaps.some((gap) => gap[0] <= to && from <= gap[1]),
  );
  if (open.length < awaited.length) awaited.splice(0, awaited.length, ...open);
  instance.throughMs = Math.max(instance.throughMs, report.throughMs);
}

/**
 * Until when everything that an instance saw has been received. A report that was overtaken is waited
 * for as long as its instance would be, then it is lost.
 */
export function reportedThroughMs(
  { awaited, throughMs }: InstanceState,
  { atMs, limitMs }: { readonly atMs: number; readonly limitMs: number },
): number {
  let reportedMs = throughMs;
  for (const gap of awaited) {
    if (gap.noticedAtMs + limitMs > atMs) reportedMs = Math.min(reportedMs, gap.throughMs);
  }
  return reportedMs;
}
