import type { Plan } from '../plan/types.ts';
import { randomOf } from './random.ts';
import { readScenario } from './scenario/read-scenario.ts';
import type { ServiceModel } from './service/types.ts';
import type { RunOutcome } from './types.ts';
import { rehearseOnce } from './virtual/rehearse-once.ts';

/** Some of the runs of a scenario: plain data, so that a worker can be given it. */
export interface RunTask {
  readonly plan: Plan;
  readonly service: ServiceModel;
  readonly scenario: string;
  readonly seed: string;
  /** The number of the first run, and how many there are. */
  readonly first: number;
  readonly runs: number;
}

/** Plays the runs. Each has its own stream of numbers, so that it is the same however runs are divided. */
export function runTask({ plan, service, scenario, seed, first, runs }: RunTask): RunOutcome[] {
  const read = readScenario(scenario);
  if (!read.ok) throw new Error(`no scenario: ${scenario}`);
  const rehearsed = { plan, service, scenario: read.value };
  return Array.from({ length: runs }, (_, index) =>
    rehearseOnce(rehearsed, randomOf(`${seed}/${scenario}/${first + index}`)),
  );
}
