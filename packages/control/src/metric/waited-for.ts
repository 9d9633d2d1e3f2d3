import type { Plan } from '../plan/types.ts';

/**
 * Whether stages wait for what closes so long after a unit's first exposure. What closes later than any
 * stage may last can only show harm: waiting for it would pause every rollout.
 */
export function isWaitedFor(
  { stages, whenStageTooLong }: Pick<Plan, 'stages' | 'whenStageTooLong'>,
  horizonMs: number,
): boolean {
  const bakeMs = Math.max(0, ...stages.map((stage) => stage.bakeMs));
  return horizonMs < Math.max(whenStageTooLong.afterMs, 2 * bakeMs);
}
