import type { Plan } from '../../plan/types.ts';
import { guardrailName, hypothesesOf } from '../../telemetry/rollout/hypotheses.ts';
import { durationText } from '../../check/duration-text.ts';
import type { Share } from './share.ts';
import type { Finding, ScenarioSummary } from './types.ts';

/** Above these a plan has something to answer for, as far as the interval is surely above them. */
const FALSE_ROLLBACKS = 0.02;
const HEALTHY_STOPS = 0.05;
const MISSED = 0.05;

/** What is amiss with a plan, by its scenarios: what is too strict, what is too weak, and for whom. */
export function findingsOf(plan: Plan, scenarios: readonly ScenarioSummary[]): Finding[] {
  return [
    ...scenarios.flatMap((summary) => {
      switch (summary.truth) {
        case 'healthy':
          return healthyFindings(plan, summary);
        case 'harmful':
          return harmfulFindings(plan, summary);
        case 'untold':
          return missed(summary);
        case 'tolerated':
          return [];
      }
    }),
    ...withinMargins(plan, scenarios),
  ];
}

function healthyFindings(plan: Plan, summary: ScenarioSummary): Finding[] {
  const { scenario, rolledBack, stopped, named, unpassed } = summary;
  const findings: Finding[] = [];
  if (rolledBack.low > FALSE_ROLLBACKS) {
    const guardrail = mostOften(named);
    findings.push({
      code: 'false_rollbacks',
      scenario,
      ...(guardrail === undefined ? {} : { guardrail }),
      text: `${percent(rolledBack)} of healthy rollouts are rolled back${because(guardrail)}: too strict.`,
    });
  }
  if (stopped.low > HEALTHY_STOPS) {
    const guardrail = mostOften(unpassed);
    const tooStrict =
      guardrail === undefined
        ? ''
        : ` ${guardrail} was not shown to be no worse in time: at this traffic its margin is too narrow, or the first share too small.`;
    findings.push({
      code: 'healthy_stops',
      scenario,
      ...(guardrail === undefined ? {} : { guardrail }),
      text: `${percent(stopped)} of healthy rollouts stop and wait for a person (${reasons(summary)}, stage limit ${durationText(plan.whenStageTooLong.afterMs)}).${tooStrict}`,
    });
  }
  return findings;
}

function harmfulFindings(plan: Plan, summary: ScenarioSummary): Finding[] {
  const { scenario, stopped, rolledBack, harmedInAll, demanded } = summary;
  const findings = missed(summary);
  if (demanded && findings.length === 0 && stopped.low > 0.5) {
    findings.push({
      code: 'failure_unseen',
      scenario,
      text: `${percent(stopped)} of rollouts with «${scenario}» stop undecided and ${percent(rolledBack)} are rolled back: at this traffic its guardrail can hardly see it.`,
    });
  }
  // Of a failure that is missed the users harmed are the smaller news.
  const asked = demanded || findings.length === 0;
  if (asked && harmedInAll !== undefined && harmedInAll.p90 > plan.harmBudget) {
    findings.push({
      code: 'harm_above_budget',
      scenario,
      text: `«${scenario}» harms more units than the budget of ${plan.harmBudget} in one rollout of ten (${Math.round(harmedInAll.p90)} or more).`,
    });
  }
  return findings;
}

function missed({ scenario, reachedLast, truth }: ScenarioSummary): Finding[] {
  if (reachedLast.low <= MISSED) return [];
  const what = truth === 'untold' ? 'although nobody could tell' : 'unnoticed';
  return [
    {
      code: 'failure_missed',
      scenario,
      text: `${percent(reachedLast)} of rollouts with «${scenario}» reach the last stage ${what}.`,
    },
  ];
}

/** What is worse and no margin speaks against. */
function withinMargins(plan: Plan, scenarios: readonly ScenarioSummary[]): Finding[] {
  const tolerated = scenarios.filter(({ truth }) => truth === 'tolerated');
  const [first] = tolerated;
  if (first === undefined) return [];
  const names = tolerated.map(({ scenario }) => `«${scenario}»`).join(', ');
  const text = `Within the margins of ${guardrails(plan)}, so the plan tolerates it: ${names}.`;
  return [{ code: 'failure_within_margin', scenario: first.scenario, text }];
}

function guardrails(plan: Plan): string {
  const names = hypothesesOf(plan)
    .filter(({ role, horizonIndex }) => role === 'guardrail' && horizonIndex === 0)
    .map(({ guardrail }) => guardrailName(guardrail));
  return names.join(', ') || 'a plan without guardrails';
}

function mostOften(counts: Readonly<Record<string, number>>): string | undefined {
  return Object.entries(counts).toSorted((one, other) => other[1] - one[1])[0]?.[0];
}

function because(guardrail: string | undefined): string {
  return guardrail === undefined ? '' : `, mostly for ${guardrail}`;
}

function reasons({ reasons: counts }: ScenarioSummary): string {
  const stops = Object.keys(counts).filter(
    (reason) => !reason.startsWith('rolledBack') && reason !== 'completed',
  );
  return stops.slice(0, 2).join(', ');
}

function percent({ share }: Share): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
