import type { TaskResult } from './jobs/run-task.ts';
import { runTasks } from './jobs/pool.ts';
import { tasksOf } from './jobs/task.ts';
import type { Replayed } from './replay/replay.ts';
import type { Scenario } from './scenario/types.ts';
import { type Score, scoreOf } from './score/score.ts';

interface Terms {
  readonly seeds: number;
  readonly jobs: number;
  readonly judges?: readonly string[];
  /** Told as soon as a scenario is done, in any order. */
  readonly done: (scenario: Scenario, scores: readonly Score[]) => void;
}

/** Every judge over the same traces: seeds 1 to `seeds` of each scenario. */
export async function runScenarios(
  scenarios: readonly Scenario[],
  { seeds, jobs, judges, done }: Terms,
): Promise<void> {
  const tasks = scenarios.flatMap(({ key }) => tasksOf(key, seeds, judges));
  const parts = new Map<string, Map<number, TaskResult>>();
  await runTasks(tasks, {
    jobs,
    done: (at, result) => {
      const key = tasks[at]?.scenario ?? '';
      const own = parts.get(key) ?? new Map<number, TaskResult>();
      parts.set(key, own.set(at, result));
      const scenario = scenarios.find((each) => each.key === key);
      if (scenario === undefined || own.size < tasksOf(key, seeds).length) return;
      parts.delete(key);
      done(scenario, scoresOf(scenario, own));
    },
  });
}

function scoresOf(scenario: Scenario, parts: ReadonlyMap<number, TaskResult>): Score[] {
  const inOrder = [...parts].sort(([one], [other]) => one - other).map(([, result]) => result);
  const runs = new Map<string, Replayed[]>();
  for (const result of inOrder) {
    for (const [judge, own] of Object.entries(result)) {
      runs.set(judge, [...(runs.get(judge) ?? []), ...own]);
    }
  }
  return [...runs].map(([judge, own]) => scoreOf(scenario, judge, own));
}
