/** Items of one report that count nowhere, for one cause. */
export interface ToldLoss {
  /** Id of the rollout that they were of, where it is measured there; empty for all others. */
  readonly rollout: string;
  /** A cause of `acceptReport`, or `sdk_queue`: the SDK itself had no room for them. */
  readonly cause: string;
  readonly items: number;
}

/** All that an instance lost of a rollout for a cause. */
export interface Loss extends ToldLoss {
  readonly service: string;
  readonly instance: string;
  items: number;
  readonly sinceMs: number;
  lastAtMs: number;
}
