import type { EnvironmentTelemetry } from '../telemetry/state.ts';
import { TRAFFIC_WINDOW_MS } from '../telemetry/traffic/traffic-window.ts';
import type { TrafficSlot } from '../telemetry/traffic/types.ts';

/** What a service saw within the last five minutes, measured or not. */
export interface RecentTraffic {
  readonly service: string;
  readonly units: number;
  /** Since the first unit was told of. Units are distinct within a report, not beyond. */
  readonly unitsPerSecond: number;
  readonly metrics: ReadonlyMap<string, { readonly count: number; readonly bad: number }>;
}

/** Below so long a time a rate is no rate. */
const SHORTEST_MS = 1_000;

/** The traffic of every service that told of any, in the order in which services were first heard. */
export function recentTraffic(
  environment: EnvironmentTelemetry | undefined,
  nowMs: number,
): RecentTraffic[] {
  return [...(environment?.traffic ?? [])].flatMap(([service, all]) => {
    const slots = all.filter(({ throughMs }) => nowMs - throughMs <= TRAFFIC_WINDOW_MS);
    if (slots.length === 0) return [];
    const units = slots.reduce((sum, slot) => sum + slot.units, 0);
    const sinceMs = Math.min(...slots.map((slot) => slot.sinceMs ?? Infinity));
    const throughMs = Math.max(...slots.map((slot) => slot.throughMs));
    const seconds = Math.max(SHORTEST_MS, throughMs - sinceMs) / 1_000;
    return [{ service, units, unitsPerSecond: units / seconds, metrics: metricsOf(slots) }];
  });
}

function metricsOf(slots: readonly TrafficSlot[]): RecentTraffic['metrics'] {
  const sums = new Map<string, { count: number; bad: number }>();
  for (const { metric, count, bad } of slots.flatMap(({ metrics }) => metrics)) {
    const sum = sums.get(metric) ?? { count: 0, bad: 0 };
    sums.set(metric, { count: sum.count + count, bad: sum.bad + bad });
  }
  return sums;
}
