import type { Plan } from '../plan/types.ts';
import { summarize } from './result/summarize.ts';
import type { ScenarioSummary } from './result/types.ts';
import type { RunTask } from './run-task.ts';
import type { StandardScenario } from './scenario/standard.ts';
import { truthOf } from './scenario/truth.ts';
import type { ServiceModel } from './service/types.ts';
import type { RunOutcome } from './types.ts';

/** How runs are played and progress is told; the caller has the threads. */
export interface Rehearsing {
  readonly play: (task: RunTask) => Promise<readonly RunOutcome[]>;
  readonly progress: (progress: Progress) => void;
}

export interface Progress {
  readonly part: 'scenarios' | 'suggestions';
  readonly done: number;
  readonly of: number;
}

/** Runs per task: short enough that progress moves and a cancelled rehearsal stops soon. */
const TASK_RUNS = 20;

export interface Played {
  readonly plan: Plan;
  readonly service: ServiceModel;
  readonly runs: number;
  readonly seed: string;
}

/** Plays one scenario and sums it up. */
export async function playScenario(
  { plan, service, runs, seed }: Played,
  { scenario, demanded }: StandardScenario,
  { play, played }: Counter,
): Promise<ScenarioSummary> {
  const truth = truthOf(scenario, plan, service);
  const tasks: RunTask[] = [];
  for (let first = 0; first < runs; first += TASK_RUNS) {
    const size = Math.min(TASK_RUNS, runs - first);
    tasks.push({ plan, service, scenario: scenario.text, seed, first, runs: size });
  }
  const outcomes = await Promise.all(
    tasks.map(async (task) => {
      const own = await play(task);
      played(own.length);
      return own;
    }),
  );
  return summarize(plan, { scenario: scenario.text, truth, demanded }, outcomes.flat());
}

export interface Counter {
  readonly play: Rehearsing['play'];
  readonly played: (runs: number) => void;
}

/** Tells of progress with every task. */
export function counterOf(
  part: Progress['part'],
  of: number,
  { play, progress }: Rehearsing,
): Counter {
  let done = 0;
  return {
    play,
    played: (runs) => {
      done += runs;
      progress({ part, done, of });
    },
  };
}
