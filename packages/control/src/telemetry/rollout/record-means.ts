import { mergeMoments, NO_MOMENTS } from '@downhaul/judge';
import type { Tally } from './close-horizons.ts';
import type { ClosedCounts, MeanCell } from './types.ts';

/** A batch's figures under each mean, in the order of its tallies. */
export function meanCells(stage: number, tallies: readonly Tally[]): MeanCell[] {
  const cells = new Map<string, MeanCell>();
  for (const { means } of tallies) {
    for (const [hypothesis, { control, fresh, carried }] of means ?? []) {
      const before = cells.get(hypothesis);
      cells.set(hypothesis, {
        stage,
        hypothesis,
        treatment: [fresh, carried].reduce(mergeMoments, before?.treatment ?? NO_MOMENTS),
        control: mergeMoments(before?.control ?? NO_MOMENTS, control),
      });
    }
  }
  return [...cells.values()];
}

/** Adds control's figures to those that outlive the batch. */
export function addMean({ means }: ClosedCounts, { hypothesis, control }: MeanCell): void {
  means.set(hypothesis, mergeMoments(means.get(hypothesis) ?? NO_MOMENTS, control));
}
