import { durationText } from '../../document/duration.ts';
import { ratioText, shareText } from '../../document/percentage.ts';
import type { Plan } from '../../plan/types.ts';
import { type Hypothesis, hypothesesOf } from '../../telemetry/rollout/hypotheses.ts';
import type { ServiceModel } from '../service/types.ts';
import { readScenario } from './read-scenario.ts';
import { truthOf } from './truth.ts';
import type { Scenario } from './types.ts';

/** A scenario of the standard set. */
export interface StandardScenario {
  readonly scenario: Scenario;
  /** Part of what a plan that asks for rehearsals has to find, or to leave alone. */
  readonly demanded: boolean;
}

const HOUR_MS = 3_600_000;
const RATE_FACTORS = [2, 5, 10, 20, 50];
const FALLS = ['20%', '50%', '90%'];
const MAX_GUARDRAILS = 6;

/**
 * What every plan is held against, whatever it judges: nothing wrong, also at a tenth of the traffic; each
 * guardrail's own failure, as small as its margin tells apart, and a smaller one; and with the first
 * guardrail a leak, a failure under load, a rare one, one platform; then a crash that hides, and silence.
 */
export function standardScenarios(plan: Plan, service: ServiceModel): StandardScenario[] {
  const judged = hypothesesOf(plan)
    .filter(({ role, horizonIndex }) => role === 'guardrail' && horizonIndex === 0)
    .slice(0, MAX_GUARDRAILS);
  const rate = judged.find(({ kind }) => kind === 'bad');
  const texts = [
    ...judged.flatMap((hypothesis) => smallerFailures(hypothesis)),
    ...(rate === undefined ? [] : kindsOfFailure(rate.metric, plan)),
    ...(judged.length === 0 ? [] : ['crash 8%', 'lost treatment', 'lost control']),
  ];
  return [
    { scenario: scenarioOf('healthy'), demanded: true },
    ...judged.flatMap((hypothesis) => ownFailure(hypothesis, plan, service)),
    { scenario: scenarioOf('traffic x0.1'), demanded: false },
    ...[...new Set(texts)].map((text) => ({ scenario: scenarioOf(text), demanded: false })),
  ];
}

/** The first of ever larger failures that is beyond the guardrail's margin. */
function ownFailure(
  { metric, kind }: Hypothesis,
  plan: Plan,
  service: ServiceModel,
): StandardScenario[] {
  const sizes =
    kind === 'missing' ? FALLS.map((fall) => `-${fall}`) : RATE_FACTORS.map((size) => `x${size}`);
  const found = [...sizes, 'hit 50%']
    .map((size) => scenarioOf(`${nameOf(metric)} ${size}`))
    .find((scenario) => truthOf(scenario, plan, service) === 'harmful');
  return found === undefined ? [] : [{ scenario: found, demanded: true }];
}

function smallerFailures({ metric, kind, guardrail }: Hypothesis): string[] {
  const name = nameOf(metric);
  if (kind === 'missing') return [`${name} -5%`];
  if (kind !== 'slow') return [`${name} +20%`];
  const tail = Math.min(0.5, 3 * (1 - (guardrail.quantile ?? 0.99)));
  return [`${name} slow ${ratioText(Number(tail.toFixed(4)))} by 2s`];
}

function kindsOfFailure(metric: string, plan: Plan): string[] {
  const name = nameOf(metric);
  const bakeMs = plan.stages.reduce((sum, stage) => sum + stage.bakeMs, 0);
  const leakMs = Math.max(plan.batchMs, Math.round(bakeMs / 2));
  const leak = leakMs >= HOUR_MS ? Math.round(leakMs / HOUR_MS) * HOUR_MS : leakMs;
  const shares = plan.stages.map(({ allocations }) => allocations.at(-1)?.sharePerMillion ?? 0);
  const load = shares[Math.max(0, shares.length - 2)] ?? 0;
  return [
    `${name} x5 over ${durationText(leak)}`,
    `${name} x5 from ${shareText(load)}`,
    `${name} hit 0.05%`,
    `${name} x20 on 5%`,
  ];
}

function nameOf(metric: string): string {
  if (metric === 'http.error_rate') return 'errors';
  return metric === 'http.latency' ? 'latency' : metric;
}

function scenarioOf(text: string): Scenario {
  const read = readScenario(text);
  if (!read.ok) throw new Error(`a standard scenario is not understood: ${text}`);
  return read.value;
}
