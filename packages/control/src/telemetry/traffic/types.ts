/** What the instances of one service saw in ten seconds. */
export interface TrafficSlot {
  readonly startMs: number;
  /** Beginning of the first of its reports that knew of a unit; absent: none did. */
  sinceMs?: number;
  throughMs: number;
  units: number;
  readonly metrics: { readonly metric: string; count: number; bad: number }[];
}
