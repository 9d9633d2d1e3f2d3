import type { Assessment } from '@downhaul/judge';
import type { FrozenFigures } from '../rollout/types.ts';

/** What the controller sees of one rollout: a pure fold of the intake up to `throughSequence`. */
export interface Evidence {
  readonly rollout: string;
  readonly stage: number;
  /** Last intake sequence number folded in. */
  readonly throughSequence: number;
  readonly judgeVersion: string;
  readonly closedBatches: number;
  /** End of the last closed batch, store clock. */
  readonly closedThroughMs: number;
  readonly assessment: Assessment;
  readonly freshness: 'fresh' | 'blind:both' | 'blind:treatment' | 'blind:control';
  /** Since when it is blind. */
  readonly blindSinceMs?: number;
  /** Distinct units first exposed in the present stage. */
  readonly units: { readonly treatment: number; readonly control: number };
  /** Distinct units counted in the baseline, and their bad outcomes per hypothesis. */
  readonly baseline: Readonly<Record<string, { readonly units: number; readonly bad: number }>>;
  /** Distinct units first seen per second in the present stage, both arms. */
  readonly unitsPerSecond: number;
  /** What would be frozen if the next stage were entered now. */
  readonly nextFigures: FrozenFigures;
  /** Instances that vanished without goodbye since the stage was entered, and what the baseline leads to expect. */
  readonly lostInstances: { readonly names: readonly string[]; readonly expected: number; readonly excess: boolean };
}
