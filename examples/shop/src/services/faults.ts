/** What is wrong with the features of the shop: the services do it, and rehearsals are told of it. */
export const FAULTS = {
  /** Payments that fail whatever the feature does. */
  unluckyShare: 0.005,
  /** Users whose kind of card the express way refuses. */
  oldCardShare: 0.25,
  /** Users whose basket sends the smart way of pricing down its slow path. */
  largeBasketShare: 0.2,
  slowPathMs: { from: 1_400, to: 1_600 },
} as const;
