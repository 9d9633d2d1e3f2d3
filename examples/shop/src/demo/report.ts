import type { Api, LogEntry, RolloutView } from '../harness/api.ts';
import type { Shop } from '../harness/shop.ts';
import type { LoadRecord } from '../load/record.ts';
import {
  harmSeen,
  readRecord,
  unitsSeen,
  type ArmUnits,
  type HarmSeen,
} from '../harness/record-counts.ts';
import { stageChanges } from '../harness/stage-changes.ts';
import { compare, type Prediction } from './rehearsals.ts';
import { until, type Facts } from './facts.ts';

interface Outcome {
  readonly shop: Shop;
  readonly api: Api;
  /** The rollouts as they came to their end. */
  readonly settled: ReadonlyMap<string, RolloutView>;
  /** What was said before. */
  readonly predictions: readonly Prediction[];
  readonly cut: { readonly downAtMs: number; readonly mendedAtMs: number };
}

interface HarmfulFeature {
  readonly flag: string;
  /** What the judge should have named. */
  readonly metric: string;
  readonly what: string;
  readonly isHarm: (record: LoadRecord) => boolean;
}

const HARMFUL: readonly HarmfulFeature[] = [
  {
    flag: 'express-pay',
    metric: 'http.error_rate',
    what: 'users whose payment failed',
    isHarm: (record) => !record.paid,
  },
  {
    flag: 'smart-pricing',
    metric: 'http.latency',
    what: 'users who waited more than a second',
    isHarm: (record) => record.tookMs > 1_000,
  },
];

type Print = (text: string) => void;

/** Holds Downhaul's word against the record of what users got. */
export async function report(outcome: Outcome, facts: Facts, print: Print): Promise<void> {
  const records = await readRecord(outcome.shop.recordFile);
  print(`${records.length} requests, ${new Set(records.map((each) => each.user)).size} users`);
  goodFeature(outcome, facts);
  for (const feature of HARMFUL)
    await harmfulFeature(outcome, { feature, records }, { facts, print });
  asRehearsed(outcome, records, facts);
  downByHand(outcome, records, { facts, print });
  await countsAreEqual(outcome, records, { facts, print });
  const verified = await outcome.shop.downhaul('audit', 'verify');
  facts.add('the log’s chain of hashes is whole', verified.exitCode === 0);
}

/** Whether it went as the rehearsals had said. */
function asRehearsed(
  { settled, predictions }: Outcome,
  records: readonly LoadRecord[],
  facts: Facts,
): void {
  for (const prediction of predictions) {
    const rollout = settled.get(prediction.flag)?.rollout;
    const harm = HARMFUL.find(({ flag }) => flag === prediction.flag);
    const harmedUsers = harm === undefined ? 0 : harmSeen(records, harm.flag, harm.isHarm).users;
    compare(prediction, { status: rollout?.status, stage: rollout?.stage, harmedUsers }, facts);
  }
}

function goodFeature({ settled }: Outcome, facts: Facts): void {
  const rollout = settled.get('new-checkout')?.rollout;
  facts.add(
    'new-checkout climbed to 100 % by itself',
    rollout?.status === 'completed' && rollout.sharePerMillion === 1_000_000,
    rollout?.cause?.text ?? rollout?.status,
  );
}

interface Telling {
  readonly facts: Facts;
  readonly print: Print;
}

async function harmfulFeature(
  { api, settled }: Outcome,
  seen: { readonly feature: HarmfulFeature; readonly records: readonly LoadRecord[] },
  { facts, print }: Telling,
): Promise<void> {
  const { flag, metric, what, isHarm } = seen.feature;
  const rolledBack = (await api.events(flag)).find(
    (event) => event.body.type === 'rolloutRolledBack',
  );
  const view = settled.get(flag);
  const named = (view?.guardrails ?? []).filter((each) => each.verdict === 'harmful');
  facts.add(
    `${flag} was brought down by the judge, for ${metric}`,
    rolledBack?.body.actor.kind === 'controller' &&
      named.some((each) => each.metric === metric) &&
      named.every((each) => each.metric === metric),
    named.map((each) => each.hypothesis).join(', '),
  );
  facts.add(`${flag}: its rollback is proven by all three clocks`, view?.proof?.proven === true);
  const harm = harmSeen(seen.records, flag, isHarm);
  print(`${flag}: ${harm.users} ${what}${timesOf(harm, rolledBack)}`);
}

function timesOf(harm: HarmSeen, rolledBack: LogEntry | undefined): string {
  if (harm.firstAtMs === undefined || harm.lastAtMs === undefined || rolledBack === undefined) {
    return '';
  }
  const decided = (rolledBack.body.atMs - harm.firstAtMs) / 1_000;
  const last = (harm.lastAtMs - rolledBack.body.atMs) / 1_000;
  return `; decided ${decided.toFixed(1)} s after the first, last harmful response ${Math.abs(last).toFixed(1)} s ${last < 0 ? 'before' : 'after'} the decision`;
}

function downByHand(
  { cut }: Outcome,
  records: readonly LoadRecord[],
  { facts, print }: Telling,
): void {
  const afterMs = cut.downAtMs;
  const still = records.filter(
    (record) =>
      record.atMs > afterMs &&
      record.served.some((each) => each.flag === 'new-checkout' && each.on),
  );
  const ports = new Set(still.map((record) => record.port));
  const last = still.reduce((latest, record) => Math.max(latest, record.atMs), afterMs);
  facts.add(
    'after the down, only the instance that was cut off still served the feature',
    ports.size === 1,
    `${still.length} responses of ${ports.size} instance(s)`,
  );
  print(
    `new-checkout: last served ${((last - cut.mendedAtMs) / 1_000).toFixed(1)} s after the instance was back`,
  );
}

/** Distinct units per stage and arm: what telemetry counted against what users really got. */
async function countsAreEqual(
  { api }: Outcome,
  records: readonly LoadRecord[],
  { facts, print }: Telling,
): Promise<void> {
  const missing = unanswered(records);
  const text =
    missing === 0 ? 'exactly' : `to the unit, but for ${missing} requests without an answer`;
  for (const flag of ['new-checkout', 'express-pay', 'smart-pricing']) {
    const seen = unitsSeen(records, flag, stageChanges(await api.events(flag)));
    let counted = new Map<number, ArmUnits>();
    // The last reports are on their way for an interval; after that a difference is a fact.
    const equal = await until(
      'the last reports are counted',
      async () => {
        const { evidence } = await api.rollout(flag);
        const judged = (evidence?.exposed ?? []).filter((each) => each.stage >= 0);
        counted = new Map(judged.map((each) => [each.stage, each]));
        return isCountedRight(seen, counted, missing) ? true : undefined;
      },
      20_000,
    ).catch(() => false);
    facts.add(`${flag}: units per stage and arm are counted ${text}`, equal, countsText(counted));
    if (!equal) {
      print(`${flag}: the record says ${countsText(seen)}; ${missing} requests had no answer`);
      for (const line of await lostItems(api, flag)) print(`${flag}: ${line}`);
    }
  }
}

/** The record has nothing of what such a request served, and telemetry may. */
function unanswered(records: readonly LoadRecord[]): number {
  return records.filter(({ status }) => status === 0).length;
}

async function lostItems(api: Api, flag: string): Promise<string[]> {
  const { droppedItems = [] } = await api.rollout(flag);
  return droppedItems.map(
    ({ service, instance, cause, items }) =>
      `${items} items of ${service}/${instance} count nowhere (${cause})`,
  );
}

/**
 * Every unit that the record saw is counted, and nobody else but units of requests that got no answer: what such
 * a request served stands in no record.
 */
function isCountedRight(
  seen: ReadonlyMap<number, ArmUnits>,
  counted: ReadonlyMap<number, ArmUnits>,
  withoutAnswer: number,
): boolean {
  const stages = [...new Set([...seen.keys(), ...counted.keys()])];
  const surplus = stages.flatMap((stage) => {
    const one = seen.get(stage);
    const other = counted.get(stage);
    return [
      (other?.treatment ?? 0) - (one?.treatment ?? 0),
      (other?.control ?? 0) - (one?.control ?? 0),
    ];
  });
  const sum = surplus.reduce((total, each) => total + each, 0);
  return surplus.every((each) => each >= 0) && sum <= withoutAnswer;
}

function countsText(counts: ReadonlyMap<number, ArmUnits>): string {
  return [...counts]
    .sort(([one], [other]) => one - other)
    .map(([stage, { treatment, control }]) => `stage ${stage} ${treatment}/${control}`)
    .join(', ');
}
