import type { Traffic } from '@downhaul/engine';
import type { EnvironmentHours, HourSlot, MetricHours } from './types.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const FINE_SLOT_MS = 5 * MINUTE_MS;
export const FINE_KEPT_MS = 3 * DAY_MS;
export const COARSE_SLOT_MS = HOUR_MS;
export const COARSE_KEPT_MS = 35 * DAY_MS;

/** Stands for the units of a service, which have no metric's name. */
export const UNITS_OF_SERVICE = '';

/** Services times metrics of an environment; some 40 KB each. Names come from code and are not trusted. */
const MAX_SERIES = 400;

/** Numbers of a slot: its start, its count, its bad ones. */
const WIDTH = 3;

/** Adds what a report tells of traffic to the history of its service, by the time it goes to. */
export function noteHours(
  hours: EnvironmentHours,
  traffic: Traffic | undefined,
  at: { readonly service: string; readonly throughMs: number },
): void {
  if (traffic === undefined) return;
  const { service, throughMs } = at;
  const add = (metric: string, { count, bad }: { readonly count: number; readonly bad: number }) =>
    noteCounted(hours, { service, metric, startMs: throughMs, count, bad });
  if (traffic.units > 0) add(UNITS_OF_SERVICE, { count: traffic.units, bad: 0 });
  for (const [metric, counts] of Object.entries(traffic.metrics)) add(metric, counts);
}

/**
 * Adds counts to the slots that a moment belongs to. Within a slot the order of arrival changes nothing;
 * what is older than the window, counted back from the newest slot, is left out.
 */
export function noteCounted(
  hours: EnvironmentHours,
  { service, metric, ...slot }: HourSlot & { readonly service: string; readonly metric: string },
): void {
  const series = seriesOf(hours, service, metric);
  if (series === undefined) return;
  addToSlot(series.fine, slot, { slotMs: FINE_SLOT_MS, keptMs: FINE_KEPT_MS });
  addToSlot(series.coarse, slot, { slotMs: COARSE_SLOT_MS, keptMs: COARSE_KEPT_MS });
}

/** The slots of a list that begin within [fromMs, toMs), the oldest first. */
export function slotsBetween(slots: readonly number[], fromMs: number, toMs: number): HourSlot[] {
  const found: HourSlot[] = [];
  for (let at = 0; at < slots.length; at += WIDTH) {
    const [startMs = 0, count = 0, bad = 0] = slots.slice(at, at + WIDTH);
    if (startMs >= fromMs && startMs < toMs) found.push({ startMs, count, bad });
  }
  return found;
}

function seriesOf(
  hours: EnvironmentHours,
  service: string,
  metric: string,
): MetricHours | undefined {
  const known = hours.get(service)?.get(metric);
  if (known !== undefined) return known;
  let series = 0;
  for (const metrics of hours.values()) series += metrics.size;
  if (series >= MAX_SERIES) return undefined;
  const made: MetricHours = { fine: [], coarse: [] };
  const metrics = hours.get(service);
  if (metrics === undefined) hours.set(service, new Map([[metric, made]]));
  else metrics.set(metric, made);
  return made;
}

function addToSlot(
  slots: number[],
  { startMs: atMs, count, bad }: HourSlot,
  { slotMs, keptMs }: { readonly slotMs: number; readonly keptMs: number },
): void {
  const startMs = Math.floor(atMs / slotMs) * slotMs;
  const newest = slots.at(-WIDTH) ?? startMs;
  if (startMs <= newest - keptMs) return;
  let at = slots.length;
  while (at > 0 && (slots[at - WIDTH] ?? 0) > startMs) at -= WIDTH;
  if (at > 0 && slots[at - WIDTH] === startMs) {
    slots[at - 2] = (slots[at - 2] ?? 0) + count;
    slots[at - 1] = (slots[at - 1] ?? 0) + bad;
    return;
  }
  slots.splice(at, 0, startMs, count, bad);
  let gone = 0;
  while ((slots[gone] ?? startMs) <= Math.max(newest, startMs) - keptMs) gone += WIDTH;
  if (gone > 0) slots.splice(0, gone);
}
