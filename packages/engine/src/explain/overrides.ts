import type { EvaluationContext } from '../evaluate/types.ts';
import { DEFAULT_UNIT } from '../evaluate/unit.ts';
import { unitHash } from '../hash/unit-hash.ts';
import type { SnapshotFlag } from '../snapshot/types.ts';
import { explainUnit } from './bucket.ts';
import type { OverrideExplanation } from './types.ts';

/** The look-ups of a unit's override: by targeting key, then by the rollout's unit if it is another. */
export function explainOverrides(
  flag: SnapshotFlag,
  unitSalt: string,
  context: EvaluationContext,
): readonly OverrideExplanation[] {
  const overrides = flag.overrides ?? {};
  if (Object.keys(overrides).length === 0) return [];
  const attributes = new Set([DEFAULT_UNIT, flag.rollout?.unit ?? DEFAULT_UNIT]);
  return [...attributes].map((attribute) => {
    const unit = explainUnit(attribute, context);
    if (unit.value === undefined) return { unit };
    const hash = unitHash(unitSalt, unit.value);
    const variant = Object.hasOwn(overrides, hash) ? overrides[hash] : undefined;
    return variant === undefined ? { unit, unitHash: hash } : { unit, unitHash: hash, variant };
  });
}
