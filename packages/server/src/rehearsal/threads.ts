import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { RunOutcome, RunTask } from '@downhaul/control';

const MOST_THREADS = 8;

interface Waiting {
  readonly id: number;
  readonly task: RunTask;
  readonly resolve: (outcomes: readonly RunOutcome[]) => void;
  readonly reject: (reason: Error) => void;
}

interface Answer {
  readonly id: number;
  readonly outcomes: readonly RunOutcome[];
}

/** How many threads a rehearsal gets: a server keeps one core for its own work. */
export function threadsFor(place: 'server' | 'command'): number {
  const cores = availableParallelism();
  return Math.max(1, Math.min(MOST_THREADS, place === 'server' ? cores - 1 : cores));
}

/** Threads of one rehearsal. They are started with its first tasks and end with it, or when it is cancelled. */
export class RehearsalThreads {
  readonly #most: number;
  readonly #workers: Worker[] = [];
  readonly #idle: Worker[] = [];
  readonly #queue: Waiting[] = [];
  readonly #busy = new Map<Worker, Waiting>();
  #made = 0;
  #failure: Error | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  play(task: RunTask): Promise<readonly RunOutcome[]> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#made += 1;
      this.#queue.push({ id: this.#made, task, resolve, reject });
      this.#next();
    });
  }

  /** Ends all threads; whatever is still asked for fails with the reason. */
  async end(reason: Error): Promise<void> {
    this.#fail(reason);
    await Promise.all(this.#workers.splice(0).map((worker) => worker.terminate()));
  }

  #next(): void {
    const [waiting] = this.#queue;
    if (waiting === undefined) return;
    const worker = this.#idle.pop() ?? this.#start();
    if (worker === undefined) return;
    this.#queue.shift();
    this.#busy.set(worker, waiting);
    worker.postMessage({ id: waiting.id, task: waiting.task });
  }

  #start(): Worker | undefined {
    if (this.#workers.length >= this.#most) return undefined;
    const fromSource = import.meta.url.endsWith('.ts');
    const file = new URL(fromSource ? './worker.ts' : './worker.js', import.meta.url);
    const worker = new Worker(file, fromSource ? { execArgv: ['--conditions=source'] } : {});
    worker.on('message', (answer: Answer) => this.#take(worker, answer));
    worker.on('error', (error) => this.#fail(asError(error)));
    this.#workers.push(worker);
    return worker;
  }

  #take(worker: Worker, { outcomes }: Answer): void {
    const waiting = this.#busy.get(worker);
    this.#busy.delete(worker);
    this.#idle.push(worker);
    waiting?.resolve(outcomes);
    this.#next();
  }

  #fail(reason: Error): void {
    this.#failure ??= reason;
    const asked = [...this.#busy.values(), ...this.#queue.splice(0)];
    this.#busy.clear();
    for (const { reject } of asked) reject(reason);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
