import type { CountedItem, DueReading } from '@downhaul/control';
import { ask } from './ask.ts';
import { readAnswer } from './read-answer.ts';
import type { PrometheusServer } from './servers.ts';
import { SourceFailure } from './source-failure.ts';

interface Limits {
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** More bad than that beyond all requests is no rounding. */
const ROUNDING = 1.1;

/**
 * The figures of one metric for one batch, of every arm that has any: an arm without a series of `total` or
 * `value` is missing, one without a series of `bad` alone had no bad request.
 *
 * @throws SourceFailure where any query fails: half a reading compares nothing.
 */
export async function readBatch(
  server: PrometheusServer,
  due: DueReading,
  limits: Limits,
): Promise<CountedItem[]> {
  const figure = async (query: string): Promise<number | undefined> =>
    readAnswer(await ask(server, { query, atMs: due.toMs, ...limits }));
  const items = await Promise.all(
    due.arms.map(async ({ arm, queries }) => {
      const counts =
        'value' in queries
          ? await readValue(queries, figure)
          : await readCounts(queries, figure, due.seenShare);
      if (counts === undefined) return [];
      const { rollout, metric, stage, fromMs, toMs, batch } = due;
      return [{ rollout, metric, arm, stage, fromMs, toMs, batch, ...counts }];
    }),
  );
  return items.flat();
}

type Figure = (query: string) => Promise<number | undefined>;
type Counts = Pick<CountedItem, 'exposure' | 'events'>;

async function readValue(
  { value }: { readonly value: string },
  figure: Figure,
): Promise<Counts | undefined> {
  const events = await figure(value);
  return events === undefined ? undefined : { exposure: 1, events };
}

/**
 * `increase` extrapolates to the edges of the range, by the time that lies outside of its samples. What it
 * added is taken back, so that as many requests count as were seen, and the rest is rounded: more
 * would pretend to certainty. Both arms are scaled by the same, so their rates do not change.
 */
async function readCounts(
  queries: { readonly bad: string; readonly total: string },
  figure: Figure,
  seenShare: number,
): Promise<Counts | undefined> {
  const [total, bad = 0] = await Promise.all([figure(queries.total), figure(queries.bad)]);
  if (total === undefined) return undefined;
  if (bad > ROUNDING * total + 1) {
    const what = `It counts ${bad} bad requests among ${total}: \`bad\` must be a part of \`total\`.`;
    throw new SourceFailure('more_bad_than_total', what);
  }
  const exposure = Math.round(total * seenShare);
  return { exposure, events: Math.min(exposure, Math.round(bad * seenShare)) };
}
