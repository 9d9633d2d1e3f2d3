import { JUDGES } from '../judge/all.ts';
import { type Replayed, replay } from '../replay/replay.ts';
import { SCENARIOS } from '../scenario/all.ts';
import { makeTrace } from '../trace/make-trace.ts';
import { randomOf } from '../trace/random.ts';
import type { Task } from './task.ts';

/** By judge, one replay per seed, in the order of the seeds. */
export type TaskResult = Readonly<Record<string, readonly Replayed[]>>;

/** Every judge over the same traces. The same task gives the same result, wherever it runs. */
export function runTask({ scenario: key, firstSeed, lastSeed, judges }: Task): TaskResult {
  const scenario = SCENARIOS.find((each) => each.key === key);
  if (scenario === undefined) throw new Error(`there is no scenario ${key}`);
  const taken = JUDGES.filter((judge) => judges?.includes(judge.key) ?? judge.onDemand !== true);
  const runs: Record<string, Replayed[]> = Object.fromEntries(taken.map((each) => [each.key, []]));
  for (let seed = firstSeed; seed <= lastSeed; seed++) {
    const trace = makeTrace(scenario, seed);
    // Drawn from the same stream as the trace's, so it is the same world.
    const world = scenario.world(randomOf(`${scenario.key}/${seed}/world`));
    for (const judge of taken) {
      const followed = runs[judge.follows ?? '']?.at(-1)?.log;
      const terms = { trace, scenario, world, ...(followed === undefined ? {} : { followed }) };
      runs[judge.key]?.push(replay(judge, terms));
    }
  }
  return runs;
}
