import type { ActivityItem, ExposureItem, OutcomeItem, TelemetryReport } from '@downhaul/engine';
import { clockAheadMs } from '../instance/clock.ts';
import { instanceKey } from '../instance/instance-key.ts';
import { runOf } from '../instance/run-of.ts';
import { environmentKey, type TelemetryState } from '../state.ts';
import type { TelemetryScope } from '../types.ts';
import type { ToldLoss } from '../losses/types.ts';
import { createDropTally, type DropCause, type DropTally } from './drop-tally.ts';
import { reportProblem } from './report-shape.ts';
import { type RolloutLookup, rolloutLookup } from './rollout-lookup.ts';

export interface ReceivedReport {
  /** What the sender's token is bound to. */
  readonly scope: TelemetryScope;
  readonly report: unknown;
  /** The store's clock. */
  readonly receivedAtMs: number;
  /** Newest snapshot version that there can be: the log's position. Absent: not known. */
  readonly newestVersion?: number;
}

export type Acceptance =
  | {
      readonly ok: true;
      /** To be stored: without the dropped items, all times on the store's clock. */
      readonly report: TelemetryReport;
      readonly dropped: Readonly<Partial<Record<DropCause, number>>>;
      /** The same, and of which rollout. */
      readonly losses: readonly ToldLoss[];
      /** Items left. */
      readonly accepted: number;
      /** What was added to every time; 0 where the clocks agree to the second. */
      readonly clockCorrectionMs: number;
      /** Which run of its instance the report is of. */
      readonly run: number;
    }
  | {
      readonly ok: false;
      readonly code: 'telemetry_invalid';
      /** JSON pointer into the report. */
      readonly path: string;
      readonly message: string;
    };

const TOLERATED_MS = 1_000;

/**
 * Decides how far a report is trusted (settled question 10). What is no report is refused whole. Items
 * later than a second after `sentAtMs`, of a rollout or flag that the sender's environment does not
 * measure, of an arm that the named version did not have or had at share zero, and of a unit's other
 * arm within the report are dropped and counted by cause; where the version named is newer than the log, because
 * that was restored to an earlier state, this is the cause. Times move by the difference of the clocks
 * when that is more than a second; what a report is later than others of its instance is no such
 * difference but delay, and stays visible. Pure.
 */
export function acceptReport(state: TelemetryState, received: ReceivedReport): Acceptance {
  const problem = reportProblem(received.report);
  if (problem !== undefined) return { ok: false, code: 'telemetry_invalid', ...problem };
  const report = received.report as TelemetryReport;
  const { scope, receivedAtMs } = received;
  const sender = state.environments
    .get(environmentKey(scope))
    ?.instances.get(instanceKey(scope.service, report.instance));
  const aheadMs = clockAheadMs(sender, receivedAtMs - report.sentAtMs);
  const clockCorrectionMs = Math.abs(aheadMs) > TOLERATED_MS ? aheadMs : 0;
  const tally = createDropTally();
  const lookup = rolloutLookup(state);
  const { newestVersion = Infinity } = received;
  const kept = keepItems({ lookup, scope, report, newestVersion, tally });
  return {
    ok: true,
    report: clockCorrectionMs === 0 ? kept : moved(kept, clockCorrectionMs),
    dropped: tally.byCause(),
    losses: tally.losses(),
    accepted: kept.exposures.length + kept.outcomes.length + kept.activity.length,
    clockCorrectionMs,
    run: runOf(sender, through(report, clockCorrectionMs, receivedAtMs), state.options),
  };
}

/** What the fold will take it to cover. */
function through(
  { sequence, throughMs }: TelemetryReport,
  clockCorrectionMs: number,
  receivedAtMs: number,
) {
  if (throughMs === undefined) return { sequence };
  return { sequence, throughMs: Math.min(throughMs + clockCorrectionMs, receivedAtMs) };
}

interface Screening {
  readonly lookup: RolloutLookup;
  readonly scope: TelemetryScope;
  readonly report: TelemetryReport;
  readonly newestVersion: number;
  readonly tally: DropTally;
}

function keepItems(screening: Screening): TelemetryReport {
  const { report, tally } = screening;
  const keep = <Item extends ExposureItem | OutcomeItem | ActivityItem>(
    items: readonly Item[],
    causeOf: (item: Item) => DropCause | undefined,
  ) =>
    items.filter((item) => {
      const cause = causeOf(item);
      if (cause !== undefined) tally.drop(cause, measuredHere(screening, item));
      return cause === undefined;
    });
  const arms = new Map<string, ExposureItem>();
  const possible = keep(report.exposures, (item) => exposureCause(screening, item));
  for (const item of possible) noteFirstArm(arms, item);
  return {
    ...report,
    exposures: keep(possible, (item) =>
      arms.get(unitKey(item))?.arm === item.arm ? undefined : 'arm_contradicting',
    ),
    outcomes: keep(report.outcomes, (item) => outcomeCause(screening, item)),
    // An arm that cannot be is still a use of treatment to a rollback proof.
    activity: keep(report.activity, (item) =>
      isFuture(item.lastAtMs, report) ? 'future' : rolloutCause(screening, item),
    ),
  };
}

/** The rollout that an item names, if it is one of the sender's environment. */
function measuredHere(
  { lookup, scope }: Screening,
  item: ExposureItem | OutcomeItem | ActivityItem,
): string {
  const id = 'rollout' in item ? item.rollout : '';
  const rollout = lookup.rolloutAt(id);
  const isHere = rollout?.project === scope.project && rollout.environment === scope.environment;
  return isHere ? id : '';
}

function exposureCause(screening: Screening, item: ExposureItem): DropCause | undefined {
  if (isFuture(item.atMs, screening.report)) return 'future';
  const unknown = rolloutCause(screening, item);
  if (unknown !== undefined) return unknown;
  if (screening.lookup.couldAssign(item)) return undefined;
  return item.version > screening.newestVersion ? 'version_unknown' : 'arm_impossible';
}

function rolloutCause(
  { lookup, scope, newestVersion }: Screening,
  item: { readonly rollout: string; readonly flag: string; readonly version: number },
): DropCause | undefined {
  const rollout = lookup.rolloutAt(item.rollout);
  if (rollout?.project !== scope.project || rollout.environment !== scope.environment) {
    return item.version > newestVersion ? 'version_unknown' : 'rollout_unknown';
  }
  return rollout.flag === item.flag ? undefined : 'flag_unknown';
}

function outcomeCause({ lookup, scope, report }: Screening, item: OutcomeItem) {
  if (isFuture(Math.max(item.atMs, item.lastAtMs ?? 0), report)) return 'future';
  if (item.flag === undefined || lookup.measuresFlag(scope, item.flag)) return undefined;
  return 'flag_unknown';
}

function isFuture(atMs: number, { sentAtMs }: TelemetryReport): boolean {
  return atMs > sentAtMs + TOLERATED_MS;
}

/** The unit's arm is the one it was seen in first; in the same millisecond it is treatment. */
function noteFirstArm(arms: Map<string, ExposureItem>, item: ExposureItem): void {
  const key = unitKey(item);
  const first = arms.get(key);
  const isFirst =
    first === undefined ||
    item.atMs < first.atMs ||
    (item.atMs === first.atMs && item.arm === 'treatment');
  if (isFirst) arms.set(key, item);
}

/** Synthetic traffic of a unit is another cohort's, and contradicts nobody. */
function unitKey({ rollout, stage, unit, synthetic }: ExposureItem): string {
  return `${rollout} ${stage} ${unit}${synthetic === true ? ' synthetic' : ''}`;
}

function moved(report: TelemetryReport, byMs: number): TelemetryReport {
  return {
    ...report,
    sentAtMs: report.sentAtMs + byMs,
    ...(report.throughMs === undefined ? {} : { throughMs: report.throughMs + byMs }),
    ...(report.traffic === undefined
      ? {}
      : { traffic: { ...report.traffic, sinceMs: report.traffic.sinceMs + byMs } }),
    exposures: report.exposures.map((item) => ({ ...item, atMs: item.atMs + byMs })),
    outcomes: report.outcomes.map((item) => ({
      ...item,
      atMs: item.atMs + byMs,
      ...(item.lastAtMs === undefined ? {} : { lastAtMs: item.lastAtMs + byMs }),
    })),
    activity: report.activity.map((item) => ({ ...item, lastAtMs: item.lastAtMs + byMs })),
  };
}
