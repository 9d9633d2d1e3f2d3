import { countedMetrics, type Plan, type PrometheusSource, trialReading } from '@downhaul/control';
import type { ServerContext } from '../http/context.ts';
import { readBatch } from './read-batch.ts';
import { tryOtlp } from '../otlp/try-instrument.ts';
import { SourceFailure } from './source-failure.ts';

interface Tried {
  readonly project: string;
  readonly environment: string;
  readonly flag: string;
  readonly affects: readonly string[];
  readonly plan: Plan;
  /** Variant that everyone gets now. */
  readonly control: string;
}

/** What comes of every counted metric of a plan: Prometheus is read once, and what OTLP told of late is looked at, before a rollout depends on it. */
export async function tryMetrics(
  context: ServerContext,
  tried: Tried,
): Promise<ReadonlyMap<string, { readonly ok: boolean; readonly text: string }>> {
  const counted = countedMetrics({ state: context.log.state, ...tried });
  const { project, environment, flag } = tried;
  const nowMs = context.store.nowMs();
  const arrivals = context.otlp.arrivals.of(`${project}/${environment}`, flag, nowMs);
  const trials = await Promise.all(
    [...counted].map(async ([metric, source]) => {
      const trial =
        source.type === 'prometheus'
          ? await tryOne(context, { ...tried, metric, source })
          : tryOtlp(source, tried, arrivals);
      return trial === undefined ? [] : [[metric, trial] as const];
    }),
  );
  return new Map(trials.flat());
}

async function tryOne(
  { prometheus, store }: ServerContext,
  tried: Tried & { readonly metric: string; readonly source: PrometheusSource },
) {
  const server = prometheus.get(tried.source.server);
  if (server === undefined) {
    return { ok: false, text: 'this server has no address for it (`--prometheus`).' };
  }
  const nowMs = store.nowMs();
  const due = trialReading(tried, nowMs);
  const limits = { limitMs: due.closesAtMs - nowMs, signal: new AbortController().signal };
  try {
    const [item] = await readBatch(server, due, limits);
    if (item === undefined) {
      return { ok: false, text: `no series has samples of the variant ${tried.control} now.` };
    }
    return { ok: true, text: `${item.events} of ${item.exposure} in the last batch.` };
  } catch (error) {
    return { ok: false, text: SourceFailure.from(error).message };
  }
}
