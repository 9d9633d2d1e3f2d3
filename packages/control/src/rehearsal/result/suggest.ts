import { parseRatio, ratioText, shareText } from '../../document/percentage.ts';
import { durationText } from '../../document/duration.ts';
import { checkPlan } from '../../plan/check-plan.ts';
import type { Plan } from '../../plan/types.ts';
import { guardrailName } from '../../telemetry/rollout/hypotheses.ts';
import {
  type Counter,
  counterOf,
  playScenario,
  type Played,
  type Rehearsing,
} from '../play-scenario.ts';
import { readScenario } from '../scenario/read-scenario.ts';
import type { Finding, ScenarioSummary, Suggestion } from './types.ts';

interface Found extends Played {
  readonly scenarios: readonly ScenarioSummary[];
  readonly findings: readonly Finding[];
}

/** A change of a plan that could mend a finding. */
interface Candidate {
  readonly change: string;
  readonly plan: Plan;
  readonly finding: Finding;
}

const MAX_CANDIDATES = 6;
const MIN_RUNS = 60;
const WHOLE = 1_000_000;

/**
 * Tries changes that could mend what was found, each on the scenario that it is for and on a healthy
 * rollout, and keeps those that help by more than chance and make nothing else surely worse.
 */
export async function suggest(found: Found, rehearsing: Rehearsing): Promise<Suggestion[]> {
  const candidates = found.findings.flatMap((finding) => candidatesFor(found.plan, finding));
  const distinct = candidates.filter(
    ({ change }, index) => candidates.findIndex((each) => each.change === change) === index,
  );
  const taken = distinct.slice(0, MAX_CANDIDATES);
  const runs = Math.max(Math.min(found.runs, MIN_RUNS), Math.round(found.runs / 4));
  const counter = counterOf('suggestions', taken.length * 2 * runs, rehearsing);
  const tried = await Promise.all(
    taken.map((candidate) => tryOut({ ...found, runs }, candidate, counter)),
  );
  return tried.filter((suggestion) => suggestion !== undefined);
}

async function tryOut(
  found: Found,
  { change, plan, finding }: Candidate,
  counter: Counter,
): Promise<Suggestion | undefined> {
  const texts = [...new Set([finding.scenario, 'healthy'])];
  const tried = [];
  for (const text of texts) {
    const before = found.scenarios.find(({ scenario }) => scenario === text);
    const read = readScenario(text);
    if (before === undefined || !read.ok) continue;
    const each = { scenario: read.value, demanded: before.demanded };
    tried.push({ before, after: await playScenario({ ...found, plan }, each, counter) });
  }
  const [own] = tried;
  if (own === undefined || !isBetter(finding, own)) return undefined;
  if (tried.slice(1).some(isWorse)) return undefined;
  return { change, text: `${change}: ${effectText(finding, own)}.`, plan, tried };
}

interface Compared {
  readonly before: ScenarioSummary;
  readonly after: ScenarioSummary;
}

/** Better where the intervals do not overlap, or the harm is less by a fifth. */
function isBetter(finding: Finding, { before, after }: Compared): boolean {
  switch (finding.code) {
    case 'false_rollbacks':
      return after.rolledBack.high < before.rolledBack.low;
    case 'healthy_stops':
      return after.completed.low > before.completed.high;
    case 'failure_missed':
      return after.reachedLast.high < before.reachedLast.low;
    case 'failure_unseen':
      return after.rolledBack.low > before.rolledBack.high;
    case 'harm_above_budget':
      return (after.harmedInAll?.p90 ?? 0) < 0.8 * (before.harmedInAll?.p90 ?? 0);
    case 'failure_within_margin':
      return false;
  }
}

/** A healthy rollout that surely completes more rarely than before. */
function isWorse({ before, after }: Compared): boolean {
  return after.completed.high < before.completed.low;
}

function effectText({ code, scenario }: Finding, { before, after }: Compared): string {
  const of = (share: { readonly share: number }) => `${Number((share.share * 100).toFixed(1))} %`;
  switch (code) {
    case 'false_rollbacks':
      return `false rollbacks fall from ${of(before.rolledBack)} to ${of(after.rolledBack)}`;
    case 'healthy_stops':
      return `healthy rollouts that complete rise from ${of(before.completed)} to ${of(after.completed)}`;
    case 'failure_missed':
      return `«${scenario}» is missed in ${of(after.reachedLast)} instead of ${of(before.reachedLast)}`;
    case 'failure_unseen':
      return `«${scenario}» is rolled back in ${of(after.rolledBack)} instead of ${of(before.rolledBack)}`;
    default:
      return `«${scenario}» harms up to ${Math.round(after.harmedInAll?.p90 ?? 0)} units (90 %) instead of ${Math.round(before.harmedInAll?.p90 ?? 0)}`;
  }
}

function candidatesFor(plan: Plan, finding: Finding): Candidate[] {
  const { guardrail } = finding;
  const changes = (() => {
    switch (finding.code) {
      case 'false_rollbacks':
        return [withMargin(plan, { guardrail, factor: 2 }), withFewerFalseAlarms(plan)];
      case 'healthy_stops':
        return [
          withLargerStart(plan),
          withMargin(plan, { guardrail, factor: 2 }),
          withMoreBudget(plan),
          withMoreTime(plan),
        ];
      case 'failure_missed':
        return [withMargin(plan, { factor: 0.5 }), withLongerBakes(plan), withSample(plan)];
      case 'failure_unseen':
        return [withLargerStart(plan), withLongerBakes(plan)];
      case 'harm_above_budget':
        return [withSmallerStart(plan), withMargin(plan, { factor: 0.5 })];
      case 'failure_within_margin':
        return [];
    }
  })();
  return changes.flatMap((change) =>
    change === undefined || checkPlan(change.plan).length > 0 ? [] : [{ ...change, finding }],
  );
}

type Change = Pick<Candidate, 'change' | 'plan'> | undefined;

function withMargin(
  plan: Plan,
  { guardrail, factor }: { readonly guardrail?: string | undefined; readonly factor: number },
): Change {
  const changed: string[] = [];
  const guardrails = plan.guardrails.map((each) => {
    const { relative, absolute } = each.margin;
    if (guardrail !== undefined && guardrailName(each) !== guardrail) return each;
    if (relative === 0 && absolute === 0) return each;
    const margin = { relative: rounded(relative * factor), absolute: rounded(absolute * factor) };
    changed.push(`${guardrailName(each)} to ${marginText(margin)}`);
    return { ...each, margin };
  });
  if (changed.length === 0) return undefined;
  return { change: `Set the margin of ${changed.join(' and ')}`, plan: { ...plan, guardrails } };
}

function marginText({ relative, absolute }: { relative: number; absolute: number }): string {
  const parts = [
    ...(relative > 0 ? [`relative: ${ratioText(relative)}`] : []),
    ...(absolute > 0 ? [`absolute: ${absolute}`] : []),
  ];
  return `{ ${parts.join(', ')} }`;
}

/** Five times the first share, but well below what the second stage has. */
function withLargerStart(plan: Plan): Change {
  const [first, second] = plan.stages;
  const share = startShare(plan);
  const next = second?.allocations.at(-1)?.sharePerMillion ?? WHOLE;
  const larger = Math.min(5 * share, Math.round(next / 2));
  return first === undefined || larger <= share ? undefined : withStart(plan, larger);
}

function withSmallerStart(plan: Plan): Change {
  const smaller = Math.round(startShare(plan) / 5);
  return smaller < 1_000 ? undefined : withStart(plan, smaller);
}

function startShare({ stages }: Plan): number {
  return stages[0]?.allocations.at(-1)?.sharePerMillion ?? 0;
}

function withStart(plan: Plan, sharePerMillion: number): Change {
  const stages = plan.stages.map((stage, index) =>
    index > 0
      ? stage
      : {
          ...stage,
          allocations: stage.allocations.map((each, at, all) =>
            at === all.length - 1 ? { ...each, sharePerMillion } : each,
          ),
        },
  );
  return { change: `Begin with ${shareText(sharePerMillion)}`, plan: { ...plan, stages } };
}

function withMoreBudget(plan: Plan): Change {
  const harmBudget = plan.harmBudget * 4;
  if (harmBudget === 0) return undefined;
  return { change: `Set harmBudget to ${harmBudget}`, plan: { ...plan, harmBudget } };
}

function withMoreTime(plan: Plan): Change {
  const afterMs = plan.whenStageTooLong.afterMs * 4;
  return {
    change: `Set whenStageTooLong.after to ${durationText(afterMs)}`,
    plan: { ...plan, whenStageTooLong: { ...plan.whenStageTooLong, afterMs } },
  };
}

function withLongerBakes(plan: Plan): Change {
  const stages = plan.stages.map((stage) => ({ ...stage, bakeMs: stage.bakeMs * 4 }));
  return { change: 'Bake every stage four times as long', plan: { ...plan, stages } };
}

/** A sample that meets a failure of one unit in a hundred often enough. */
function withSample(plan: Plan): Change {
  const stages = plan.stages.map((stage, index) =>
    index === plan.stages.length - 1
      ? stage
      : { ...stage, minimumSample: Math.max(2_000, stage.minimumSample * 4) },
  );
  const sample = stages[0]?.minimumSample ?? 0;
  return { change: `Ask for a sample of ${sample} units or more`, plan: { ...plan, stages } };
}

function withFewerFalseAlarms(plan: Plan): Change {
  const alphaHarm = rounded(plan.alphaHarm / 5);
  return { change: `Set alphaHarm to ${alphaHarm}`, plan: { ...plan, alphaHarm } };
}

/** So that a document can hold it. */
function rounded(value: number): number {
  return parseRatio(ratioText(value)) ?? Number(value.toFixed(6));
}
