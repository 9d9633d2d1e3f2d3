import { JUDGES } from './judge/all.ts';
import { type Replayed, replay } from './replay/replay.ts';
import type { Scenario } from './scenario/types.ts';
import { type Score, scoreOf } from './score/score.ts';
import { makeTrace } from './trace/make-trace.ts';
import { randomOf } from './trace/random.ts';

/** Every judge over the same traces: seeds 1 to `seeds` of a scenario. */
export function runScenario(
  scenario: Scenario,
  { seeds, judges }: { readonly seeds: number; readonly judges?: readonly string[] },
): Score[] {
  const taken = JUDGES.filter(({ key, onDemand }) => judges?.includes(key) ?? onDemand !== true);
  const runs = new Map<string, Replayed[]>(taken.map(({ key }) => [key, []]));
  for (let seed = 1; seed <= seeds; seed++) {
    const trace = makeTrace(scenario, seed);
    // Drawn from the same stream as the trace's, so it is the same world.
    const world = scenario.world(randomOf(`${scenario.key}/${seed}/world`));
    for (const judge of taken) runs.get(judge.key)?.push(replay(judge, { trace, scenario, world }));
  }
  return taken.map(({ key }) => scoreOf(scenario, key, runs.get(key) ?? []));
}
