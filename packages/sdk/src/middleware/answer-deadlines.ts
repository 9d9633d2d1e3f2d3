import { type Timer, backgroundTimer } from '../timing/timer.ts';

/** What waits for an answer to begin. */
export interface WaitingAnswer {
  overdue(): void;
}

/** `setTimeout` takes a longer time for no time at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Calls those whose time is over, all of the same time. One timer serves them all: one for each request would
 * cost more than the rest of its scope.
 */
export class AnswerDeadlines {
  readonly #limitMs: number;
  /** In the order in which their time is over. */
  readonly #dueAtMs = new Map<WaitingAnswer, number>();
  #timer: Timer | undefined;

  /** A limit that is no positive time is none. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs > 0 && limitMs <= LONGEST_TIMER_MS ? limitMs : 0;
  }

  add(waiting: WaitingAnswer): void {
    if (this.#limitMs === 0) return;
    this.#dueAtMs.set(waiting, performance.now() + this.#limitMs);
    this.#timer ??= backgroundTimer(() => this.#check(), this.#limitMs);
  }

  delete(waiting: WaitingAnswer): void {
    this.#dueAtMs.delete(waiting);
  }

  #check(): void {
    this.#timer = undefined;
    const nowMs = performance.now();
    for (const [waiting, dueAtMs] of [...this.#dueAtMs]) {
      if (dueAtMs > nowMs) {
        this.#timer ??= backgroundTimer(() => this.#check(), Math.ceil(dueAtMs - nowMs));
        return;
      }
      this.#dueAtMs.delete(waiting);
      waiting.overdue();
    }
  }
}
