import type { Traffic } from '@downhaul/engine';
import { DENIED, ERROR_RATE, LATENCY } from './metric-names.ts';
import { LONGEST_REMEMBERED } from './seen-units.ts';

/** Above so many units in a report every further request counts as one. */
const MAX_UNITS = 20_000;
/** Names of tracked metrics come from code: further ones are not told. */
const MAX_TRACKED = 100;

/** How a request or a piece of work ended. */
export interface Ended {
  readonly bad: boolean;
  readonly denied?: boolean;
  readonly timed: boolean;
}

/** Counts what happens between two reports, whether or not anything is measured; in bounded memory. */
export class TrafficCounter {
  #sinceMs: number;
  #units = new Set<string>();
  #furtherUnits = 0;
  #requests = 0;
  #bad = 0;
  #denied = 0;
  #timed = 0;
  readonly #tracked = new Map<string, number>();

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  /** A request ended; the empty unit stands for none. */
  ended(unit: string, { bad, denied = false, timed }: Ended): void {
    this.#requests += 1;
    if (bad) this.#bad += 1;
    if (denied) this.#denied += 1;
    if (timed) this.#timed += 1;
    if (unit === '') return;
    // No caller's key decides how much memory is held.
    if (unit.length > LONGEST_REMEMBERED) this.#furtherUnits += 1;
    else if (this.#units.size < MAX_UNITS) this.#units.add(unit);
    else if (!this.#units.has(unit)) this.#furtherUnits += 1;
  }

  /** A metric was tracked. */
  tracked(metric: string): void {
    const count = this.#tracked.get(metric);
    if (count !== undefined || this.#tracked.size < MAX_TRACKED) {
      this.#tracked.set(metric, (count ?? 0) + 1);
    }
  }

  /** Takes everything out. */
  drain(nowMs: number): Traffic {
    const metrics: Record<string, { count: number; bad: number }> = {};
    for (const [metric, count] of this.#tracked) metrics[metric] = { count, bad: 0 };
    if (this.#requests > 0) {
      metrics[ERROR_RATE] = { count: this.#requests, bad: this.#bad };
      metrics[DENIED] = { count: this.#requests, bad: this.#denied };
    }
    if (this.#timed > 0) metrics[LATENCY] = { count: this.#timed, bad: 0 };
    const traffic = {
      sinceMs: this.#sinceMs,
      units: this.#units.size + this.#furtherUnits,
      metrics,
    };
    this.#sinceMs = nowMs;
    if (this.#units.size > 0) this.#units = new Set();
    this.#furtherUnits = 0;
    this.#requests = 0;
    this.#bad = 0;
    this.#denied = 0;
    this.#timed = 0;
    this.#tracked.clear();
    return traffic;
  }
}
