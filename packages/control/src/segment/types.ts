import type { Condition } from '@downhaul/engine';

/** A segment as its document says it. */
export interface SegmentDefinition {
  readonly key: string;
  readonly owner: string;
  readonly if: Condition;
}
