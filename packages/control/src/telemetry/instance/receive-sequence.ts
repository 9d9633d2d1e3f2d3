import type { InstanceState, SequenceRange } from './types.ts';

const MAX_GAPS = 256;

/**
 * Notes that the report with this sequence was received. False when it had been received before (or
 * its gap was given up), so that it counts nowhere (invariant 7).
 */
export function receiveSequence(instance: InstanceState, sequence: number): boolean {
  if (sequence > instance.lastSequence) {
    if (sequence > instance.lastSequence + 1) {
      instance.gaps.push([instance.lastSequence + 1, sequence - 1]);
      // The oldest gap is given up: a report that fills it later counts as a repetition.
      if (instance.gaps.length > MAX_GAPS) instance.gaps.shift();
    }
    instance.lastSequence = sequence;
    return true;
  }
  return fillGap(instance.gaps, sequence);
}

function fillGap(gaps: SequenceRange[], sequence: number): boolean {
  const index = gaps.findIndex(([from, to]) => from <= sequence && sequence <= to);
  const gap = gaps[index];
  if (gap === undefined) return false;
  const [from, to] = gap;
  const rest: SequenceRange[] = [];
  if (from < sequence) rest.push([from, sequence - 1]);
  if (sequence < to) rest.push([sequence + 1, to]);
  gaps.splice(index, 1, ...rest);
  return true;
}
