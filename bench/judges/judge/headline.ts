import type { Scenario } from '../scenario/types.ts';
import type { Arrival, Seen } from './types.ts';

/** Requests and errors of one arm. */
export interface Counts {
  readonly requests: number;
  readonly errors: number;
}

export interface Minute {
  /** Stage in which those counted here arrived. */
  readonly stage: number;
  readonly treatment: Counts;
  readonly control: Counts;
}

/**
 * The series that judges by request look at: the last outcome of the scenario, by requests where units
 * have several. What needs more than a minute to show is there when it can be.
 */
export class Headline {
  private readonly due = new Map<number, Arrival[]>();
  private readonly delay: number;
  private readonly outcome: number;

  constructor({ outcomes }: Scenario) {
    const horizon = outcomes.at(-1)?.horizonMinutes ?? 1;
    this.delay = horizon <= 1 ? 0 : horizon;
    this.outcome = outcomes.length - 1;
  }

  /** Whether anything can be there yet: before, silence means nothing. */
  hasBegun({ minute }: Seen): boolean {
    return minute >= this.delay;
  }

  /** What can be counted in this minute. */
  take({ minute, arrivals }: Seen): Minute[] {
    for (const arrival of arrivals) {
      const at = Math.max(minute, arrival.minute + this.delay);
      const waiting = this.due.get(at);
      if (waiting === undefined) this.due.set(at, [arrival]);
      else waiting.push(arrival);
    }
    const taken = this.due.get(minute) ?? [];
    this.due.delete(minute);
    return taken.map(({ stage, treatment, control }) => ({
      stage,
      treatment: this.countsOf(treatment),
      control: this.countsOf(control),
    }));
  }

  private countsOf(arm: Arrival['treatment']): Counts {
    if (this.outcome === 0) return { requests: arm.requests, errors: arm.errors };
    return { requests: arm.units, errors: arm.bad[this.outcome] ?? 0 };
  }
}

export function sumOf(minutes: readonly Minute[], arm: 'treatment' | 'control'): Counts {
  const sum = { requests: 0, errors: 0 };
  for (const minute of minutes) {
    sum.requests += minute[arm].requests;
    sum.errors += minute[arm].errors;
  }
  return sum;
}
