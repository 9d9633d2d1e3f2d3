import type { Traffic } from '@downhaul/engine';
import type { EnvironmentTelemetry } from '../state.ts';
import type { TrafficSlot } from './types.ts';

const SLOT_MS = 10_000;
/** How long traffic is remembered. */
export const TRAFFIC_WINDOW_MS = 300_000;
/** Names of tracked metrics come from code: in a slot a service gets no more. */
const MAX_METRICS = 200;

/** Adds what a report tells of traffic to its service, by the time it goes to. */
export function noteTraffic(
  { traffic: services }: EnvironmentTelemetry,
  traffic: Traffic | undefined,
  at: { readonly service: string; readonly throughMs: number },
): void {
  if (traffic === undefined) return;
  let slots = services.get(at.service);
  if (slots === undefined) services.set(at.service, (slots = []));
  const slot = slotAt(slots, at.throughMs);
  if (slot === undefined) return;
  slot.throughMs = Math.max(slot.throughMs, at.throughMs);
  slot.units += traffic.units;
  if (traffic.units > 0) slot.sinceMs = Math.min(slot.sinceMs ?? Infinity, traffic.sinceMs);
  for (const [metric, { count, bad }] of Object.entries(traffic.metrics)) {
    const known = slot.metrics.find((each) => each.metric === metric);
    if (known !== undefined) {
      known.count += count;
      known.bad += bad;
    } else if (slot.metrics.length < MAX_METRICS) {
      slot.metrics.push({ metric, count, bad });
    }
  }
}

/** The slot of a moment, made where it is new; undefined for one that is older than the window. */
function slotAt(slots: TrafficSlot[], atMs: number): TrafficSlot | undefined {
  const startMs = Math.floor(atMs / SLOT_MS) * SLOT_MS;
  const newest = slots.at(-1)?.startMs ?? startMs;
  if (startMs <= newest - TRAFFIC_WINDOW_MS) return undefined;
  const known = slots.find((slot) => slot.startMs === startMs);
  if (known !== undefined) return known;
  const slot = { startMs, throughMs: atMs, units: 0, metrics: [] };
  slots.push(slot);
  slots.sort((one, other) => one.startMs - other.startMs);
  while ((slots[0]?.startMs ?? startMs) <= startMs - TRAFFIC_WINDOW_MS) slots.shift();
  return slot;
}
