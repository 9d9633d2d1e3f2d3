import type { AttributionProcess, Detector } from '@downhaul/judge';

/** What a rollout's verdict needs beside treatment against control. Plain data, part of the fold. */
export interface RolloutContext {
  /** The same hours of earlier days, by metric, as they were known when the rollout started. */
  readonly earlier: Record<string, EarlierDays>;
  /** By guardrail hypothesis, from the first stage on. */
  readonly attribution: Record<string, Attributing>;
  /** By hypothesis, while everyone is treated. */
  readonly whole: Record<string, WholeFigures>;
  /** By hypothesis, while the rollout is completed. */
  readonly watch: Record<string, Detector>;
}

/** How the rate of a metric moves over a day, by the hours of earlier days. Frozen at the start. */
export interface EarlierDays {
  readonly services: readonly string[];
  /** By hour of the day (UTC), 24 of them; null where too few days had that hour. */
  readonly hours: readonly (EarlierHour | null)[];
  /** Standard deviation of ln(rate) from day to day at the same hour, chance taken out. */
  readonly spread: number;
}

export interface EarlierHour {
  readonly days: number;
  /** Mean of ln(rate) over these days. */
  readonly logRate: number;
}

/** Whose fault a worsening of one guardrail is, and what it is held against. */
export interface Attributing {
  process: AttributionProcess;
  /** The rate that the baseline still allows at its own time, margin not included. */
  readonly upper: number;
  /** When the baseline was measured. */
  readonly measuredAtMs: number;
  /** The newest stage that was absorbed: what closes later of an earlier one is left out. */
  stage: number;
  /** Place of the present stage among those that changed who is treated, from 1. */
  raises: number;
  /** When a start of the limits was opened last. */
  startedAtMs: number;
  /** Since when control has been worse and the rate moved with the share, without a break. */
  sharedSinceMs: number | null;
}

/** The stage in which everyone is treated, against the last that were not. */
export interface WholeFigures {
  readonly reference: WholeReference;
  /** Quarters of an hour since the stage was entered, the newest last. */
  readonly quarters: Quarter[];
}

export interface WholeReference {
  readonly units: number;
  readonly bad: number;
  /** The end of what was counted. */
  readonly atMs: number;
  /** `control`: its last batches before the raise. `baseline`: the window before the rollout. */
  readonly of: 'control' | 'baseline';
}

export interface Quarter {
  readonly index: number;
  units: number;
  bad: number;
  batches: number;
  /** End of its last batch. */
  endMs: number;
}
