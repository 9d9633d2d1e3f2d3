import type { UnitRecord } from './units/unit-record.ts';
import type { Cohort } from './cohort.ts';

/** What the earlier stages of an attempt have shown of the draw that places a unit. */
type SeenBefore = Pick<UnitRecord, 'treatedBefore' | 'shareBefore'>;

/**
 * Looks a unit up in the stages before this one. Their cohorts keep their units until the rollout ends,
 * and the measured slice only narrows, so a unit that is measured now was always measured.
 *
 * One draw places a unit for the whole attempt, and what a stage shows of it is on which side of the
 * stage's share it lies. Units for whom the largest such share is the same have the same chance of
 * treatment now, with their past and without it, and may be compared; others may not (docs/judge.md).
 * A baseline has no share: whoever was seen in it alone is as new as one never seen. So is, in a new
 * attempt, a unit of an earlier one: attempts have an alpha each and do not multiply.
 */
export function seenBefore(
  cohorts: ReadonlyMap<number, Cohort>,
  stage: number,
  unit: UnitRecord,
): SeenBefore {
  let treatedBefore = false;
  let shareBefore = 0;
  for (let earlier = 0; earlier < stage; earlier++) {
    const cohort = cohorts.get(earlier);
    const record = cohort?.units.find(unit);
    if (record === undefined) continue;
    treatedBefore ||= record.arm === 'treatment';
    const share = cohort?.allocations[record.allocation]?.sharePerMillion ?? 0;
    shareBefore = Math.max(shareBefore, share);
  }
  return { treatedBefore, shareBefore };
}
