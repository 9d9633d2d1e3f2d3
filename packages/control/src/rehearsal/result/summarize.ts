import { guardrailName, hypothesesOf } from '../../telemetry/rollout/hypotheses.ts';
import type { Plan } from '../../plan/types.ts';
import { stageAllocations } from '../../plan/stage-allocations.ts';
import type { Truth } from '../scenario/truth.ts';
import type { RunOutcome } from '../types.ts';
import { quantilesOf } from './quantiles.ts';
import { shareOf } from './share.ts';
import type { ScenarioSummary, StageReached } from './types.ts';

/** What the runs of one scenario say. */
export function summarize(
  plan: Plan,
  about: { readonly scenario: string; readonly truth: Truth; readonly demanded: boolean },
  outcomes: readonly RunOutcome[],
): ScenarioSummary {
  const names = namesOf(plan);
  const back = outcomes.filter(({ end }) => end === 'rolledBack');
  const completed = outcomes.filter(({ end }) => end === 'completed');
  const stopped = outcomes.filter(({ end }) => end !== 'rolledBack' && end !== 'completed');
  const last = plan.stages.length;
  const reachedLast = outcomes.filter(({ enteredAtMs }) => enteredAtMs.length >= last).length;
  const share = (count: number) => shareOf(count, outcomes.length);
  return {
    ...about,
    runs: outcomes.length,
    ends: endsOf(outcomes),
    reasons: counted(outcomes, ({ end, reason }) => [end === reason ? end : `${end}: ${reason}`]),
    rolledBack: share(back.length),
    reachedLast: share(reachedLast),
    completed: share(completed.length),
    stopped: share(stopped.length),
    rolledBackByStage: counted(back, ({ stage }) => [String(stage)]),
    named: counted(back, ({ named }) => named.map((id) => names.get(id) ?? id)),
    unpassed: counted(stopped, ({ unpassed }) => unpassed.map((id) => names.get(id) ?? id)),
    ...some({
      harmedUnits: quantilesOf(back.map(({ harmedUnits }) => harmedUnits)),
      harmedInAll: quantilesOf(outcomes.map(({ harmedUnits }) => harmedUnits)),
      toRollbackMs: quantilesOf(back.map(({ endedAtMs }) => endedAtMs)),
      toCompletionMs: quantilesOf(completed.map(({ endedAtMs }) => endedAtMs)),
    }),
    stages: plan.stages.map((_, stage) => stageReached(plan, stage, outcomes)),
  };
}

function stageReached(plan: Plan, stage: number, outcomes: readonly RunOutcome[]): StageReached {
  const times = outcomes.flatMap(({ enteredAtMs }) => enteredAtMs[stage] ?? []);
  const shares = stageAllocations(plan, stage).map(({ sharePerMillion }) => sharePerMillion);
  return {
    stage,
    sharePerMillion: Math.max(0, ...shares),
    reached: shareOf(times.length, outcomes.length),
    ...some({ afterMs: quantilesOf(times) }),
  };
}

function endsOf(outcomes: readonly RunOutcome[]): ScenarioSummary['ends'] {
  const ends = { completed: 0, rolledBack: 0, paused: 0, held: 0, unfinished: 0 };
  for (const { end } of outcomes) ends[end] += 1;
  return ends;
}

/** How many outcomes name each; the most frequent first. */
function counted(
  outcomes: readonly RunOutcome[],
  namesOfOutcome: (outcome: RunOutcome) => readonly string[],
): Record<string, number> {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    for (const name of new Set(namesOfOutcome(outcome))) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return Object.fromEntries([...counts].sort((one, other) => other[1] - one[1]));
}

/** Hypotheses by what people call their guardrail. */
function namesOf(plan: Plan): ReadonlyMap<string, string> {
  return new Map(hypothesesOf(plan).map(({ id, guardrail }) => [id, guardrailName(guardrail)]));
}

/** Without what is undefined. */
function some<Values extends Readonly<Record<string, unknown>>>(
  values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Values]?: Exclude<Values[Name], undefined>;
  };
}
