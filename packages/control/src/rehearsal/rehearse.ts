import { JUDGE_VERSION } from '@downhaul/judge';
import type { Plan } from '../plan/types.ts';
import { counterOf, playScenario, type Rehearsing } from './play-scenario.ts';
import { rehearsable } from './rehearsable.ts';
import { findingsOf } from './result/findings.ts';
import { notModelled } from './result/not-modelled.ts';
import { suggest } from './result/suggest.ts';
import type { RehearsalReport } from './result/types.ts';
import { type StandardScenario, standardScenarios } from './scenario/standard.ts';
import type { Scenario } from './scenario/types.ts';
import type { ServiceModel } from './service/types.ts';

/** What is to be rehearsed. */
export interface RehearsalRequest {
  readonly plan: Plan;
  readonly service: ServiceModel;
  /** Beside the standard ones, or instead of them. */
  readonly scenarios: readonly Scenario[];
  readonly standard: boolean;
  /** Of each scenario. */
  readonly runs: number;
  readonly seed: string;
  /** Whether changes of the plan are tried where something was found. */
  readonly suggest: boolean;
}

/**
 * Rehearses a plan: plays every scenario so many times, sums up, and where something is amiss tries what
 * would mend it. The same request gives the same report, however `play` divides the work.
 */
export async function rehearse(
  request: RehearsalRequest,
  rehearsing: Rehearsing,
): Promise<RehearsalReport> {
  const { service, runs, seed } = request;
  const { plan, left } = rehearsable(request.plan);
  const cast = castOf({ ...request, plan });
  const counter = counterOf('scenarios', cast.length * runs, rehearsing);
  const scenarios = await Promise.all(
    cast.map((each) => playScenario({ plan, service, runs, seed }, each, counter)),
  );
  const findings = findingsOf(plan, scenarios);
  const suggestions = request.suggest
    ? await suggest({ plan, service, runs, seed, scenarios, findings }, rehearsing)
    : [];
  return {
    ...{
      plan: request.plan,
      judgeVersion: JUDGE_VERSION,
      seed,
      runs,
      service,
      scenarios,
      findings,
      suggestions,
    },
    notModelled: notModelled(request.plan, left),
  };
}

/** Standard scenarios first; one that is asked for as well is played once. */
function castOf({ plan, service, scenarios, standard }: RehearsalRequest): StandardScenario[] {
  const cast = standard ? standardScenarios(plan, service) : [];
  const known = new Set(cast.map(({ scenario }) => scenario.text));
  for (const scenario of scenarios) {
    if (known.has(scenario.text)) continue;
    known.add(scenario.text);
    cast.push({ scenario, demanded: false });
  }
  return cast;
}
