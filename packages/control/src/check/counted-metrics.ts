import { recentTraffic } from '../evidence/recent-traffic.ts';
import { projectMetrics } from '../metric/known-metrics.ts';
import type { CountedSource } from '../metric/source.ts';
import { environmentKey } from '../telemetry/state.ts';
import { metricNamesOf } from '../metric/freeze-metrics.ts';
import { flagServices } from './flag-services.ts';
import type { CheckInput, CheckItem } from './types.ts';

/** The metrics of a plan that are counted by request, and where each comes from. */
export function countedMetrics({
  state,
  project,
  plan,
}: Pick<CheckInput, 'state' | 'project' | 'plan'>): ReadonlyMap<string, CountedSource> {
  const found = state.projects.get(project);
  const known = found && projectMetrics(found);
  const counted = new Map<string, CountedSource>();
  for (const metric of metricNamesOf(plan)) {
    const source = known?.get(metric)?.source;
    if (source !== undefined && source.type !== 'sdk') counted.set(metric, source);
  }
  return counted;
}

/** Whether every guardrail is: then no unit needs to be known, and no SDK of ours needs to be there. */
export function isCountedAlone(input: CheckInput): boolean {
  const counted = countedMetrics(input);
  const { guardrails } = input.plan;
  return guardrails.length > 0 && guardrails.every(({ metric }) => counted.has(metric));
}

/** Whether a counted metric arrives: by OTLP as requests of the services, from Prometheus as it was just read. */
export function checkCounted(input: CheckInput, metric: string, source: CountedSource): CheckItem {
  const trial = input.trials?.get(metric);
  if (source.type === 'prometheus') {
    const ok = trial?.ok ?? false;
    return {
      code: 'metric_arrives',
      ok,
      text: `${metric} from Prometheus ${source.server}: ${trial?.text ?? 'it was not asked.'}`,
      remedy: ok ? '' : 'Correct its queries or the server; until then the rollout will hold.',
    };
  }
  const { instrument = 'spans' } = source;
  if (source.instrument !== undefined || trial?.ok === false) {
    return toldItem(metric, instrument, trial);
  }
  const services = flagServices(input);
  const traffic = recentTraffic(
    input.telemetry.environments.get(environmentKey(input)),
    input.nowMs,
  );
  const telling = traffic
    .filter(({ service }) => services.has(service))
    .filter(({ metrics }) => (metrics.get('http.error_rate')?.count ?? 0) > 0)
    .map(({ service }) => service);
  const ok = telling.length > 0;
  return {
    code: 'metric_arrives',
    ok,
    text: ok
      ? `${metric} can be counted: ${telling.join(', ')} told of requests.`
      : `No service has told of a request within the last five minutes, so ${metric} cannot be counted.`,
    remedy: ok ? '' : 'Let its OTLP exporters send to this server, with evaluations of the flag.',
  };
}

function toldItem(
  metric: string,
  instrument: string,
  trial: { readonly ok: boolean; readonly text: string } | undefined,
): CheckItem {
  const ok = trial?.ok ?? false;
  return {
    code: 'metric_arrives',
    ok,
    text: `${metric} from ${instrument}: ${trial?.text ?? 'nobody looked for it.'}`,
    remedy: ok
      ? ''
      : `Let its exporter send ${instrument} with the flag and its variant to this server.`,
  };
}
