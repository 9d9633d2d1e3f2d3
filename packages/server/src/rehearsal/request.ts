import {
  assumeService,
  checkPlanMetrics,
  checkScenario,
  type Figure,
  freezeMetrics,
  type KnownMetrics,
  type KnownService,
  type Plan,
  readScenario,
  type RehearsalRequest,
  type Scenario,
  withAll,
} from '@downhaul/control';
import { Refusal } from '../error/refusal.ts';

/** What somebody asks for; figures that are absent are measured ones, or assumed. */
export interface Asked {
  readonly scenarios?: readonly string[];
  readonly standard?: boolean;
  readonly runs?: number;
  readonly seed?: string;
  readonly suggest?: boolean;
  readonly unitsPerSecond?: number;
  readonly daySwing?: number;
  readonly returningShare?: number;
  readonly audienceShare?: number;
  readonly rates?: Readonly<Record<string, number>>;
}

const DEFAULT_RUNS = 200;

/**
 * The request for a rehearsal of a plan. Scenarios that are named are played instead of the standard ones
 * unless both are asked for. Throws `Refusal` for one that is not understood or changes nothing.
 */
export function requestOf(
  plan: Plan,
  asked: Asked,
  known: { readonly service: KnownService; readonly seed: string },
): RehearsalRequest {
  const texts = asked.scenarios ?? [];
  return {
    plan,
    service: assumeService(plan, knownOf(asked, known.service)),
    scenarios: texts.map((text, index) => scenarioOf(plan, text, `/scenarios/${index}`)),
    standard: asked.standard ?? texts.length === 0,
    runs: asked.runs ?? DEFAULT_RUNS,
    seed: asked.seed ?? known.seed,
    suggest: asked.suggest ?? true,
  };
}

/** The plan with the definitions of its metrics. Throws `Refusal` where it names one that nobody knows. */
export function judgedPlan(plan: Plan, metrics: KnownMetrics): Plan {
  const problems = checkPlanMetrics(plan, metrics, '/plan');
  if (problems.length > 0) throw new Refusal(withAll(problems));
  return freezeMetrics(plan, metrics);
}

function scenarioOf(plan: Plan, text: string, path: string): Scenario {
  const read = readScenario(text, path);
  if (!read.ok) throw new Refusal(withAll(read.problems));
  const problems = checkScenario(plan, read.value, path);
  if (problems.length > 0) throw new Refusal(withAll(problems));
  return read.value;
}

/** What is given goes before what was measured. */
function knownOf(asked: Asked, measured: KnownService): KnownService {
  const given = (value: number): Figure => ({ value, known: 'given' });
  const rates = Object.entries(asked.rates ?? {}).map(([name, rate]) => [name, given(rate)]);
  const single = (['unitsPerSecond', 'daySwing', 'returningShare', 'audienceShare'] as const)
    .filter((name) => asked[name] !== undefined)
    .map((name) => [name, given(asked[name] ?? 0)]);
  return {
    ...measured,
    ...(Object.fromEntries(single) as Partial<KnownService>),
    rates: { ...measured.rates, ...(Object.fromEntries(rates) as Record<string, Figure>) },
  };
}
