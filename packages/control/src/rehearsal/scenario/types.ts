/** What may go wrong in a rehearsal, and how much traffic there is. Written as `docs/rehearsal.md` says. */
export interface Scenario {
  /** As it was written. */
  readonly text: string;
  readonly effects: readonly Effect[];
  readonly losses: readonly Loss[];
  /** Multiplies the traffic; 1 leaves it. */
  readonly trafficFactor: number;
}

/** What a feature does to one metric. */
export interface Effect {
  /** Absent: every guardrail of the plan. */
  readonly metric?: string;
  readonly change: Change;
  /** The share of units that the change can reach, from 0 to 1: one platform, say. */
  readonly reach: number;
  /** Whether the whole service gets worse, both arms, in proportion to the share in treatment. */
  readonly shared: boolean;
  readonly onset: Onset;
}

export type Change =
  /** The rate, the latency or the success is multiplied. */
  | { readonly kind: 'times'; readonly factor: number }
  /** So many of all units fail, beyond those that fail anyway. */
  | { readonly kind: 'hit'; readonly share: number }
  /** So many of all units wait so much longer. */
  | { readonly kind: 'slow'; readonly share: number; readonly byMs: number };

/** When a change is there: from a share of the rollout on, some time after the first treated unit, growing. */
export interface Onset {
  readonly fromPerMillion: number;
  readonly afterMs: number;
  /** So long it grows evenly; 0: it is there at once. */
  readonly overMs: number;
}

/** Telemetry that does not arrive. */
export interface Loss {
  readonly arm: 'treatment' | 'control' | 'both';
  /** How many of the arm's units are not told of, from 0 to 1. */
  readonly share: number;
  /** Whether the units that are lost have crashed, so that they are harmed as well. */
  readonly crashed: boolean;
  readonly onset: Onset;
}
