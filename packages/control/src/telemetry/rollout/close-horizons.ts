import type { Cohort, UnitRecord } from './cohort.ts';
import { schedule } from './cohort.ts';
import { timingOf } from './timing.ts';
import type { Hypothesis } from './hypotheses.ts';
import type { RolloutTelemetry } from './types.ts';
import { worstWithin } from './unit-outcomes.ts';

/** What a batch adds in one stratum at one horizon. */
export interface Tally {
  readonly allocation: number;
  readonly horizonMs: number;
  readonly units: { control: number; treatment: number };
  /** Units with a bad outcome, by hypothesis of this horizon. */
  readonly bad: Map<string, { control: number; treatment: number }>;
  /** The slowest request of every unit in both arms, where latency is judged. */
  readonly slowest: { readonly control: number[]; readonly treatment: number[] } | undefined;
}

interface Closing {
  readonly cohort: Cohort;
  readonly hypotheses: readonly (readonly Hypothesis[])[];
  readonly tallies: Map<string, Tally>;
}

const LATENCY = 'http.latency';

/**
 * Takes every unit of the cohort whose horizons ended by `endMs` and counts it once per horizon. The
 * tallies come in the order of horizon and stratum.
 */
export function closeHorizons(
  telemetry: RolloutTelemetry,
  cohort: Cohort,
  { batch, endMs }: { readonly batch: number; readonly endMs: number },
): Tally[] {
  const { horizonsMs } = telemetry.plan;
  const timing = timingOf(telemetry);
  const closing: Closing = {
    cohort,
    hypotheses: horizonsMs.map((_, index) =>
      telemetry.hypotheses.filter(({ horizonIndex }) => horizonIndex === index),
    ),
    tallies: new Map(),
  };
  for (const record of takeDue(cohort, batch)) {
    const before = record.entered;
    for (;;) {
      const horizonMs = horizonsMs[record.entered];
      if (horizonMs === undefined || record.firstAtMs + horizonMs > endMs) break;
      count(closing, record, horizonMs);
      record.entered += 1;
    }
    if (record.entered === before) continue;
    if (record.entered === horizonsMs.length) record.outcomes = [];
    else schedule(cohort, record, timing);
  }
  return [...closing.tallies.values()].sort(
    (one, other) => one.horizonMs - other.horizonMs || one.allocation - other.allocation,
  );
}

/** Whether the unit counts as bad under a hypothesis; undefined where the stage froze no threshold. */
function isBad(
  record: UnitRecord,
  { kind, metric, horizonMs, id }: Hypothesis,
  cohort: Cohort,
): boolean | undefined {
  const worst = worstWithin(record, metric, horizonMs);
  if (kind === 'bad' || kind === 'done') return worst !== undefined && worst >= 1;
  if (kind === 'missing') return worst === undefined || worst < 1;
  const bucket = cohort.frozen?.hypotheses[id]?.latencyBucket;
  return bucket === undefined ? undefined : worst !== undefined && worst > bucket;
}

function takeDue(cohort: Cohort, batch: number): UnitRecord[] {
  const due: UnitRecord[] = [];
  for (const [dueBatch, records] of cohort.due) {
    if (dueBatch > batch) continue;
    for (const record of records) due.push(record);
    cohort.due.delete(dueBatch);
  }
  return due;
}

function count({ cohort, hypotheses, tallies }: Closing, record: UnitRecord, horizonMs: number) {
  const ours = hypotheses[record.entered] ?? [];
  const tally = tallyOf(tallies, { allocation: record.allocation, horizonMs, hypotheses: ours });
  tally.units[record.arm] += 1;
  for (const hypothesis of ours) {
    const bad = isBad(record, hypothesis, cohort);
    if (bad === undefined) continue;
    let counts = tally.bad.get(hypothesis.id);
    if (counts === undefined) tally.bad.set(hypothesis.id, (counts = { control: 0, treatment: 0 }));
    if (bad) counts[record.arm] += 1;
  }
  tally.slowest?.[record.arm].push(worstWithin(record, LATENCY, horizonMs) ?? 0);
}

function tallyOf(
  tallies: Map<string, Tally>,
  of: {
    readonly allocation: number;
    readonly horizonMs: number;
    readonly hypotheses: readonly Hypothesis[];
  },
): Tally {
  const key = `${of.horizonMs}/${of.allocation}`;
  let tally = tallies.get(key);
  if (tally === undefined) {
    const judgesLatency = of.hypotheses.some(({ kind }) => kind === 'slow');
    tally = {
      allocation: of.allocation,
      horizonMs: of.horizonMs,
      units: { control: 0, treatment: 0 },
      bad: new Map(),
      slowest: judgesLatency ? { control: [], treatment: [] } : undefined,
    };
    tallies.set(key, tally);
  }
  return tally;
}
