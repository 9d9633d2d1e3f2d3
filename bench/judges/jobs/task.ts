/** A stretch of seeds of one scenario: what a worker takes at a time. */
export interface Task {
  readonly scenario: string;
  readonly firstSeed: number;
  readonly lastSeed: number;
  /** Keys of judges; those that run unasked otherwise. */
  readonly judges?: readonly string[];
}

/** So few that all workers are busy to the end, and so many that handing over costs nothing. */
const SEEDS_PER_TASK = 10;

/** The tasks of a scenario, in the order of the seeds. */
export function tasksOf(scenario: string, seeds: number, judges?: readonly string[]): Task[] {
  const tasks: Task[] = [];
  for (let firstSeed = 1; firstSeed <= seeds; firstSeed += SEEDS_PER_TASK) {
    const lastSeed = Math.min(seeds, firstSeed + SEEDS_PER_TASK - 1);
    tasks.push({ scenario, firstSeed, lastSeed, ...(judges === undefined ? {} : { judges }) });
  }
  return tasks;
}
