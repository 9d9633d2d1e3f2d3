import { type RecentTraffic, recentTraffic } from '../evidence/recent-traffic.ts';
import { environmentKey, type EnvironmentTelemetry } from '../telemetry/state.ts';
import { metricsOf } from '../telemetry/rollout/hypotheses.ts';
import { checkCounted, countedMetrics } from './counted-metrics.ts';
import type { CheckInput, CheckItem } from './types.ts';

const FRESH_MS = 3_600_000;
const HTTP = 'http.';

/**
 * Whether each metric arrives: as an outcome of a measured rollout, or in the traffic that services tell
 * of while nothing is measured. A service reports every `http.` metric in one, and errors only when
 * there are any, so one of them stands for all. A tracked metric comes from whichever service tracks it.
 */
export function checkMetrics(input: CheckInput): CheckItem[] {
  const environment = input.telemetry.environments.get(environmentKey(input));
  const arrivals = arrivalsOf(environment, input.nowMs);
  const { affects } = input.flag;
  const counted = countedMetrics(input);
  return metricsOf(input.plan).flatMap((metric) => {
    const source = counted.get(metric);
    if (source !== undefined) return [checkCounted(input, metric, source)];
    const services = affects.length > 0 ? affects : [...arrivals.keys()];
    if (!metric.startsWith(HTTP) || services.length === 0) return [anywhere(arrivals, metric)];
    return services.map((service) =>
      itemOf(metric, `from ${service}`, arrives(arrivals, { service, metric })),
    );
  });
}

/** The metrics that arrived of late, by service. */
type Arrivals = ReadonlyMap<string, ReadonlySet<string>>;

function arrivalsOf(environment: EnvironmentTelemetry | undefined, nowMs: number): Arrivals {
  const arrivals = new Map<string, Set<string>>();
  for (const [service, metrics] of environment?.metrics ?? []) {
    const fresh = [...metrics].filter(([, { lastAtMs }]) => nowMs - lastAtMs <= FRESH_MS);
    arrivals.set(service, new Set(fresh.map(([metric]) => metric)));
  }
  for (const traffic of recentTraffic(environment, nowMs)) {
    const known = arrivals.get(traffic.service) ?? [];
    arrivals.set(traffic.service, new Set([...known, ...seenIn(traffic)]));
  }
  return arrivals;
}

function seenIn({ metrics }: RecentTraffic): string[] {
  return [...metrics].filter(([, { count }]) => count > 0).map(([metric]) => metric);
}

function anywhere(arrivals: Arrivals, metric: string): CheckItem {
  const from = [...arrivals.keys()].filter((service) => arrives(arrivals, { service, metric }));
  const ok = from.length > 0;
  return itemOf(metric, ok ? `from ${from.join(', ')}` : 'from any service', ok);
}

function arrives(
  arrivals: Arrivals,
  { service, metric }: { readonly service: string; readonly metric: string },
): boolean {
  const names = [...(arrivals.get(service) ?? [])];
  return names.some((name) => (metric.startsWith(HTTP) ? name.startsWith(HTTP) : name === metric));
}

function itemOf(metric: string, from: string, ok: boolean): CheckItem {
  const remedy = metric.startsWith(HTTP)
    ? 'Wrap its requests in the middleware of the SDK, and let some come in.'
    : 'Track it where it happens.';
  return {
    code: 'metric_arrives',
    ok,
    text: ok
      ? `${metric} arrives ${from}.`
      : `${metric} has not arrived ${from} within the last hour.`,
    remedy: ok
      ? ''
      : `${remedy} Without it the baseline will be missing, and the rollout will hold.`,
  };
}
