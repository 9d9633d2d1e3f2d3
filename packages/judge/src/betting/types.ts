/** The null p_T <= ratio * p_C + excess (HARM), or >= (non-inferiority). */
export interface Null {
  readonly ratio: number;
  readonly excess: number;
}

/** One arm of one closed batch: distinct units and those of them with a bad outcome. */
export interface ArmCounts {
  readonly units: number;
  readonly bad: number;
}

export interface BatchCounts {
  readonly treatment: ArmCounts;
  readonly control: ArmCounts;
}

/** A finite mixture of alternatives with fixed weights that sum to 1. */
export interface Mixture {
  readonly multipliers: readonly number[];
  readonly weights: readonly number[];
  /**
   * Weight of one more alternative: treatment fails as often as control is predicted to. It lies where the
   * null puts it, however near. Of non-inferiority only.
   */
  readonly noEffect?: number;
}
