import { type RecentTraffic, recentTraffic } from '../evidence/recent-traffic.ts';
import { eventsOf } from '../metric/events.ts';
import { metricNamesOf } from '../metric/freeze-metrics.ts';
import { startedMetrics } from '../metric/started-metrics.ts';
import { environmentKey, type EnvironmentTelemetry } from '../telemetry/state.ts';
import { checkWindows } from './check-windows.ts';
import { checkCounted, countedMetrics } from './counted-metrics.ts';
import { flagServices } from './flag-services.ts';
import type { CheckInput, CheckItem } from './types.ts';

const FRESH_MS = 3_600_000;
const HTTP = 'http.';
/** What services tell of apart from other requests: an older SDK does not know it. */
const TOLD_APART = 'http.denied';

/**
 * Whether each metric arrives, and from where: as an outcome of a measured rollout, or in the traffic that
 * services tell of while nothing is measured. A service reports every `http.` metric in one, and errors only
 * when there are any, so one of them stands for all. What is tracked comes from whichever service tracks it,
 * each event of a funnel by itself. What a source counts is asked for when the rollout runs.
 */
export function checkMetrics(input: CheckInput): CheckItem[] {
  const environment = input.telemetry.environments.get(environmentKey(input));
  const arrivals = arrivalsOf(environment, input.nowMs);
  const { affects } = input.flag;
  const ours = flagServices(input);
  const counted = countedMetrics(input);
  const items = metricNamesOf(input.plan).flatMap((name) => {
    const source = counted.get(name);
    if (source !== undefined) return [checkCounted(input, name, source)];
    const metric = startedMetrics(input.plan)?.get(name);
    const services =
      affects.length > 0 ? affects : [...arrivals.keys()].filter((service) => ours.has(service));
    if (name.startsWith(HTTP) && services.length > 0) {
      return services.map((service) =>
        itemOf(name, `from ${service}`, arrives(arrivals, { service, event: name })),
      );
    }
    const events = metric === undefined ? [name] : eventsOf(metric);
    return events.map((event) => anywhere(arrivals, { metric: name, event }));
  });
  return [...items, ...checkWindows(input.plan)];
}

/** The events that arrived of late, by service. */
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

function anywhere(
  arrivals: Arrivals,
  { metric, event }: { readonly metric: string; readonly event: string },
): CheckItem {
  const from = [...arrivals.keys()].filter((service) => arrives(arrivals, { service, event }));
  const ok = from.length > 0;
  const name = event === metric ? metric : `${event}, which ${metric} needs,`;
  return itemOf(name, ok ? `from ${from.join(', ')}` : 'from any service', ok);
}

function arrives(
  arrivals: Arrivals,
  { service, event }: { readonly service: string; readonly event: string },
): boolean {
  const names = [...(arrivals.get(service) ?? [])];
  const isHttp = event.startsWith(HTTP) && event !== TOLD_APART;
  return names.some((name) => (isHttp ? name.startsWith(HTTP) : name === event));
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
