import type { TelemetryScope, TelemetryState } from '@downhaul/control';
import type { TelemetryReport } from '@downhaul/engine';

/** Clocks that are no further apart than this are taken as they are. */
const TOLERATED_MS = 1_000;

/** A report with the times of the store, without items that can count nowhere. */
export function acceptReport(
  state: TelemetryState,
  input: {
    readonly scope: TelemetryScope;
    readonly report: TelemetryReport;
    readonly receivedAtMs: number;
  },
): {
  readonly report: TelemetryReport;
  readonly accepted: number;
  readonly dropped: Readonly<Record<string, number>>;
} {
  const { report, receivedAtMs } = input;
  const apartMs = receivedAtMs - report.sentAtMs;
  const shiftMs = Math.abs(apartMs) > TOLERATED_MS ? apartMs : 0;
  let unknownRollout = 0;
  const exposures = report.exposures.flatMap((item) => {
    if (state.rollouts.has(item.rollout)) return [{ ...item, atMs: item.atMs + shiftMs }];
    unknownRollout += 1;
    return [];
  });
  const outcomes = report.outcomes.map((item) => ({ ...item, atMs: item.atMs + shiftMs }));
  const activity = report.activity.map((item) => ({ ...item, lastAtMs: item.lastAtMs + shiftMs }));
  return {
    report: { ...report, sentAtMs: receivedAtMs, exposures, outcomes, activity },
    accepted: exposures.length + outcomes.length + activity.length,
    dropped: unknownRollout === 0 ? {} : { unknownRollout },
  };
}
