import type { Evidence, WatchEvidence } from '../../evidence/types.ts';
import { notReady } from '../readiness.ts';
import { target } from '../standing.ts';
import type { ControllerInput, Step, WaitsFor } from '../types.ts';

/**
 * Completed: watched until the plan's date, and by default until the flag is archived; only harm, looked at
 * before, does anything. At the date the watch ends by itself where that raises nobody. Where there is a
 * holdback a person ends it: those units have never been exposed (SPEC.md, rule 12).
 */
export const watch: Step = (input) => {
  const { rollout, evidence } = input;
  if (rollout.status !== 'completed') return undefined;
  const waitsFor = openEnd(input, evidence?.watch, evidence);
  if (waitsFor !== undefined) return { step: 'watch', waitsFor };
  if (notReady(input) !== undefined) {
    const text = input.readiness?.cause ?? 'The flag is not ready.';
    return { step: 'watch', waitsFor: { code: 'not_ready', text } };
  }
  return { step: 'watch', command: { type: 'endWatch', ...target(input) } };
};

/** Why the watch goes on; undefined where it may end. */
function openEnd(
  input: ControllerInput,
  seen: WatchEvidence | undefined,
  evidence: Evidence | undefined,
): WaitsFor | undefined {
  const alarmed = alarm(seen, evidence);
  if (alarmed !== undefined) return alarmed;
  const { rollout, nowMs, flagDown } = input;
  const endsAtMs = seen?.endsAtMs;
  if (endsAtMs === undefined) {
    return { code: 'watch', text: 'Completed and watched until the watch is ended.' };
  }
  if (seen?.over !== true) {
    const remaining = { ms: endsAtMs - nowMs };
    return { code: 'watch', text: 'Completed and watched until its date.', remaining };
  }
  if (rollout.plan.holdbackPerMillion > 0) {
    const text =
      'The date of the watch has passed. Ending it gives up the holdback, so a person must.';
    return { code: 'watch_over', text };
  }
  if (!flagDown && (rollout.unguarded || evidence?.freshness === 'fresh')) return undefined;
  return { code: 'telemetry', text: 'The watch ends when telemetry is fresh and the flag is up.' };
}

function alarm(
  seen: WatchEvidence | undefined,
  evidence: Evidence | undefined,
): WaitsFor | undefined {
  const alarms = [...(seen?.alarms ?? []), ...(evidence?.wholeStage?.exceeded ?? [])];
  if (alarms.length === 0) return undefined;
  const names = [...new Set(alarms)].join(', ');
  const text = `The watch alarms: ${names}. Without a control nobody can know whether the feature is why.`;
  return { code: 'watch_alarm', text };
}
