import { compileCondition } from '../../condition/compile.ts';
import type { Matcher } from '../../condition/operators/operator.ts';
import { cutThreshold, MILLION } from '../../hash/cut.ts';
import { murmur3Absorb, murmur3After, murmur3Start } from '../../hash/murmur3.ts';
import type { Allocation, Arm, SnapshotFlag, SnapshotRollout } from '../../snapshot/types.ts';
import { served } from '../results.ts';
import type { Evaluation } from '../types.ts';
import { compileUnit } from '../unit.ts';
import type { Stage, StageCompiler, World } from './stage.ts';

interface Stratum {
  readonly audience: Matcher | undefined;
  /** Hashes below it are in treatment. */
  readonly threshold: number;
  readonly treatment: Evaluation;
  readonly control: Evaluation;
}

/**
 * Puts a unit into an arm: treatment if its hash is within the share of any allocation whose audience
 * holds, else control; its stratum is the first such allocation. Outside both arms are a unit that no
 * audience holds for (the next stage decides) and a context without a unit (the control variant).
 */
export const rolloutStage: StageCompiler = (flag, world) =>
  flag.rollout && compileRollout(flag, flag.rollout, world);

/** The rollout as it would be at the height that this attempt has reached. */
export const peakRolloutStage: StageCompiler = (flag, world) =>
  flag.rollout && compileRollout(flag, { ...flag.rollout, allocations: flag.rollout.peak }, world);

function compileRollout(flag: SnapshotFlag, rollout: SnapshotRollout, world: World): Stage {
  const strata = rollout.allocations.map((allocation, index) =>
    compileStratum({ flag, rollout, world, allocation, index }),
  );
  const withoutUnit = served(flag, rollout.control, { reason: 'DEFAULT' });
  return compileStrata(rollout, strata, withoutUnit);
}

function compileStrata(
  rollout: SnapshotRollout,
  strata: readonly Stratum[],
  withoutUnit: Evaluation,
): Stage {
  const readUnit = compileUnit(rollout.unit);
  const salt = murmur3Absorb(murmur3Start(), rollout.salt);
  return (context) => {
    const unit = readUnit(context);
    // Zero is below no threshold of a share of zero and is never served: it stands for "no unit".
    const hash = unit === '' ? 0 : murmur3After(salt, unit);
    let first: Stratum | undefined;
    for (const stratum of strata) {
      if (stratum.audience !== undefined && !stratum.audience(context)) continue;
      if (unit === '') return withoutUnit;
      first ??= stratum;
      if (hash < stratum.threshold) return first.treatment;
    }
    return first?.control;
  };
}

interface StratumInput {
  readonly flag: SnapshotFlag;
  readonly rollout: SnapshotRollout;
  readonly world: World;
  readonly allocation: Allocation;
  readonly index: number;
}

function compileStratum({ flag, rollout, world, allocation, index }: StratumInput): Stratum {
  const { audience, sharePerMillion } = allocation;
  const inArm = (arm: Arm, variant: string) =>
    served(flag, variant, {
      reason: 'SPLIT',
      exposure: exposureOf(flag, rollout, { allocation: index, arm }),
    });
  return {
    audience: audience && compileCondition(audience, (key) => world.segment(key)),
    threshold: cutThreshold(sharePerMillion, MILLION),
    treatment: inArm('treatment', rollout.to),
    control: inArm('control', rollout.control),
  };
}

/** The shared exposure of an arm of an allocation. */
export function exposureOf(
  flag: SnapshotFlag,
  rollout: SnapshotRollout,
  { allocation, arm }: { readonly allocation: number; readonly arm: Arm },
) {
  return Object.freeze({
    flag: flag.key,
    rollout: rollout.id,
    stage: rollout.stage,
    allocation,
    arm,
    unit: rollout.unit,
    measured: rollout.measured,
    version: flag.version,
  });
}
