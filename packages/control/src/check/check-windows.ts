import { isWaitedFor } from '../metric/waited-for.ts';
import type { Plan } from '../plan/types.ts';
import { hypothesesOf } from '../telemetry/rollout/hypotheses.ts';
import { durationText } from './duration-text.ts';
import type { CheckItem } from './types.ts';

/** Whether the windows of guardrails close while stages last. */
export function checkWindows(plan: Plan): CheckItem[] {
  const longestBakeMs = Math.max(0, ...plan.stages.map(({ bakeMs }) => bakeMs));
  return hypothesesOf(plan)
    .filter(({ role, definition }) => role === 'guardrail' && definition?.windowMs !== undefined)
    .filter(({ horizonMs }) => horizonMs > longestBakeMs)
    .map(({ metric, horizonMs }) => {
      const waits = isWaitedFor(plan, horizonMs);
      const window = durationText(horizonMs);
      return {
        code: 'window_closes',
        ok: waits,
        text: waits
          ? `${metric} is known ${window} after a unit's first exposure: every stage lasts longer than that, whatever its bake.`
          : `${metric} is known ${window} after a unit's first exposure, later than any stage may last: it can show harm, and no stage waits for it.`,
        remedy: waits
          ? ''
          : 'Lengthen `whenStageTooLong` to wait for it, or guard with a metric that closes sooner beside it.',
      };
    });
}
