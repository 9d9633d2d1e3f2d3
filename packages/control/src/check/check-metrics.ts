import { environmentKey } from '../telemetry/state.ts';
import type { EnvironmentTelemetry } from '../telemetry/state.ts';
import { metricsOf } from '../telemetry/rollout/hypotheses.ts';
import type { CheckInput, CheckItem } from './types.ts';

const FRESH_MS = 3_600_000;
const HTTP = 'http.';

/**
 * Whether each metric arrives. A service reports every `http.` metric in one, and errors only when
 * there are any, so one of them stands for all. A tracked metric comes from whichever service tracks it.
 * Outcomes are reported per unit only while some rollout is measured, hence the mild remedy.
 */
export function checkMetrics(input: CheckInput): CheckItem[] {
  const environment = input.telemetry.environments.get(environmentKey(input));
  const { affects } = input.flag;
  return metricsOf(input.plan).flatMap((metric) => {
    if (!metric.startsWith(HTTP)) return [anywhere(input, environment, metric)];
    const services = affects.length > 0 ? affects : [...(environment?.metrics.keys() ?? [])];
    if (services.length === 0) return [anywhere(input, environment, metric)];
    return services.map((service) =>
      itemOf(metric, `from ${service}`, isFresh(input, environment, { service, metric })),
    );
  });
}

function anywhere(
  input: CheckInput,
  environment: EnvironmentTelemetry | undefined,
  metric: string,
): CheckItem {
  const services = [...(environment?.metrics.keys() ?? [])];
  const from = services.filter((service) => isFresh(input, environment, { service, metric }));
  return itemOf(
    metric,
    from.length > 0 ? `from ${from.join(', ')}` : 'from any service',
    from.length > 0,
  );
}

function isFresh(
  { nowMs }: CheckInput,
  environment: EnvironmentTelemetry | undefined,
  { service, metric }: { readonly service: string; readonly metric: string },
): boolean {
  const arrivals = environment?.metrics.get(service);
  if (arrivals === undefined) return false;
  for (const [name, { lastAtMs }] of arrivals) {
    const stands = metric.startsWith(HTTP) ? name.startsWith(HTTP) : name === metric;
    if (stands && nowMs - lastAtMs <= FRESH_MS) return true;
  }
  return false;
}

function itemOf(metric: string, from: string, ok: boolean): CheckItem {
  return {
    code: 'metric_arrives',
    ok,
    text: ok
      ? `${metric} arrives ${from}.`
      : `${metric} has not arrived ${from} within the last hour.`,
    remedy: ok
      ? ''
      : 'Report it from there. Where nothing is measured yet the baseline will show it, and hold if it is missing.',
  };
}
