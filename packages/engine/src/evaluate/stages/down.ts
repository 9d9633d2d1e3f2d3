import type { SnapshotFlag } from '../../snapshot/types.ts';
import { served } from '../results.ts';
import type { Evaluation } from '../types.ts';
import { exposureOf } from './rollout.ts';
import type { StageCompiler } from './stage.ts';

/** A flag that is down serves its safe variant; OpenFeature's DISABLED: switched off by its management. */
export const downStage: StageCompiler = (flag) => (flag.down ? downed(flag) : undefined);

/**
 * What a flag that is down gives. While its recovery is measured everyone is a unit of the control arm,
 * or nobody could tell whether taking it down has helped.
 */
export function downed(flag: SnapshotFlag): Evaluation {
  const { rollout } = flag;
  const isMeasured = rollout?.phase === 'recovery' && rollout.measured;
  return served(flag, flag.safe, {
    reason: 'DISABLED',
    ...(isMeasured
      ? { exposure: exposureOf(flag, rollout, { allocation: 0, arm: 'control' }) }
      : {}),
  });
}
