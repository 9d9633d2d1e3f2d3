/**
 * What is known to have been acknowledged, kept outside of the store itself. It is written after the fact, so it says
 * "at least this was there".
 */
export interface Witness {
  /** Position of the last event, and its hash in the chain. */
  readonly position: number;
  readonly hash: string;
  /** Sequence of the last row of telemetry. */
  readonly sequence: number;
  /** Where a restore put an older store in this place: the end of that store. */
  readonly restored?: { readonly position: number; readonly hash: string };
}

/** What a start says of a store that it opens. */
export interface OpenStoreOptions {
  /** Goes on with a store that lacks what was acknowledged. */
  readonly acceptLoss?: boolean;
  /** Something outside of the store says that there was one. */
  readonly isExpected?: boolean;
}

/** What a store lacks, though it was acknowledged. */
export interface StoreLoss {
  readonly foundAt: 'start' | 'restore';
  /** The last position that was there; 0 where nobody knows. */
  readonly through: number;
  readonly lostHash: string;
  readonly telemetry: { readonly after: number; readonly through: number };
}

/** The end of a store as it was found. */
export interface StoreEnd {
  readonly position: number;
  readonly hash: string;
  readonly sequence: number;
  /** Chain hash of a position; undefined where the store does not have it. */
  hashAt(position: number): string | undefined;
}

/** Compares a store with its witness; undefined where nothing is missing. */
export function lossOf(end: StoreEnd, witness: Witness): StoreLoss | undefined {
  const hasEvents = witness.position === 0 || end.hashAt(witness.position) === witness.hash;
  if (hasEvents && end.sequence >= witness.sequence) return undefined;
  const { restored } = witness;
  // The start after a restore is on that store and no other.
  const isRestored = restored?.position === end.position && restored.hash === end.hash;
  return {
    foundAt: isRestored ? 'restore' : 'start',
    through: witness.position,
    lostHash: witness.hash,
    telemetry: { after: end.sequence, through: witness.sequence },
  };
}
