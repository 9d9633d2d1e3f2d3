import { requireNullTakenByJudge } from '../support/judge-takes.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assumeService,
  BUILT_IN_METRICS,
  checkPlanMetrics,
  forecast,
  freezeMetrics,
  type Metric,
  type Plan,
  readPlanDocument,
  readScenario,
  type RunOutcome,
} from '../../src/index.ts';
import { randomOf } from '../../src/rehearsal/random.ts';
import { rehearsable } from '../../src/rehearsal/rehearsable.ts';
import { rehearseOnce } from '../../src/rehearsal/virtual/rehearse-once.ts';
import { hypothesesOf } from '../../src/telemetry/rollout/hypotheses.ts';
import { planHarmNull, planNonInferiorityNull } from '../../src/telemetry/rollout/margins.ts';
import { startJudging } from '../../src/telemetry/rollout/judging.ts';

const OWN: readonly Metric[] = [
  { key: 'refund', kind: 'share' as const, worse: 'higher' as const },
  { key: 'order', kind: 'conversion' as const, worse: 'lower' as const },
  { key: 'cost', kind: 'mean' as const, worse: 'higher' as const },
  { key: 'revenue', kind: 'mean' as const, worse: 'lower' as const, cap: 500 },
  { key: 'pace', kind: 'quantile' as const, worse: 'higher' as const },
].map((metric) => ({
  ...metric,
  source: { type: 'sdk' } as const,
  owner: 'team',
  description: '',
  version: 1,
}));

const KNOWN = {
  get: (key: string) => BUILT_IN_METRICS.get(key) ?? OWN.find((metric) => metric.key === key),
  keys: () => [...BUILT_IN_METRICS.keys(), ...OWN.map(({ key }) => key)],
};

/** From the smallest that a document can write to the largest, many of them ordinary. */
const ratio = fc.oneof(
  fc.constantFrom('0%', '0.000001%', '5%', '20%', '99.999999%', '100%', '10000%', '99999%'),
  fc.integer({ min: 0, max: 2_000_000 }).map((tenThousandths) => `${tenThousandths / 10_000}%`),
);
const absolute = fc.oneof(
  fc.constantFrom(0, 1e-300, 1e-9, 0.0005, 0.02, 0.5, 0.999999, 1, 1e12),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const weight = fc.constantFrom(undefined, 0, 0.25, 1);
const alpha = fc.constantFrom(1e-9, 0.001, 0.05, 0.25, 0.4999, 0.5);
const quantile = fc.constantFrom('p50', 'p90', 'p99', 'p99.999');

const guardrail = fc
  .record({
    metric: fc.constantFrom('http.error_rate', 'http.latency', ...OWN.map(({ key }) => key)),
    margin: fc.record({ relative: ratio, absolute }, { requiredKeys: [] }),
    quantile,
    weight,
  })
  .map(({ quantile: at, weight: given, ...each }) => ({
    ...each,
    ...(['http.latency', 'pace'].includes(each.metric) ? { quantile: at } : {}),
    ...(given === undefined ? {} : { weight: given }),
  }));

const guardrails = fc.uniqueArray(guardrail, { maxLength: 3, selector: ({ metric }) => metric });
const success = fc.uniqueArray(
  fc.record({
    metric: fc.constantFrom('order', 'revenue', 'cost'),
    better: fc.constantFrom('higher', 'lower'),
    by: fc.record({ relative: ratio }),
  }),
  { maxLength: 2, selector: ({ metric }) => metric },
);

const stages = fc
  .uniqueArray(
    fc.oneof(fc.constantFrom(1, 100, 10_000, 50_000, 1_000_000), fc.integer({ min: 1, max: 1e6 })),
    { minLength: 1, maxLength: 8 },
  )
  .map((shares) =>
    [...shares]
      .sort((one, other) => one - other)
      .map((perMillion) => ({ share: `${perMillion / 10_000}%`, bake: '2m' })),
  );

const document = fc
  .record({
    stages,
    guardrails,
    signals: guardrails,
    success,
    harmBudget: fc.constantFrom(0, 1e-9, 1, 50, 1e9),
    reactionTime: fc.constantFrom('1ms', '30m', '9999d'),
    baseline: fc.constantFrom('3m', '20m'),
    holdback: fc.constantFrom('0%', '0.0001%', '5%', '50%', '99.9999%', '100%'),
    alphaHarm: alpha,
    alphaNonInferiority: alpha,
    alphaSrm: alpha,
  })
  .map((each) => ({
    ...{ plan: 'any', batch: '1m', horizons: ['1m'], ...each },
    whenBlind: { hold: '10m', then: 'hold' },
    whenStageTooLong: { after: '15m', then: 'pause' },
  }));

/** A plan as a rollout would start with it, where documents accept it. */
function accepted(json: unknown): Plan | undefined {
  const read = readPlanDocument(json);
  if (!read.ok || checkPlanMetrics(read.value, KNOWN).length > 0) return undefined;
  return freezeMetrics(read.value, KNOWN);
}

const plans = document.map(accepted).filter((plan) => plan !== undefined);
const traffic = fc.constantFrom(0, 0.01, 0.5, 2, 10, 1_000);
const rate = fc.oneof(
  fc.constantFrom(0, 1e-9, 0.001, 0.3, 0.5, 0.999, 1),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const scenario = fc.constantFrom('healthy', 'everything hit 100%', 'everything x0', 'lost both');

describe('every plan that documents accept, at every traffic and rate', () => {
  it('is judged to its end in a rehearsal: nothing is frozen that the judge refuses', () => {
    const ends = new Set<RunOutcome['end']>();
    fc.assert(
      fc.property(plans, traffic, rate, scenario, (plan, unitsPerSecond, usual, text) => {
        const played = rehearsable(plan).plan;
        const given = (value: number) => ({ value, known: 'given' as const });
        const rates = ['http.error_rate', 'refund', 'order'].map((key) => [key, given(usual)]);
        const service = assumeService(played, {
          unitsPerSecond: given(unitsPerSecond),
          rates: Object.fromEntries(rates) as Record<string, ReturnType<typeof given>>,
        });
        const read = readScenario(text);
        if (!read.ok) expect.fail(text);
        const run = rehearseOnce({ plan: played, service, scenario: read.value }, randomOf(text));
        ends.add(run.end);
      }),
      { numRuns: 250 },
    );
    expect(ends.size).toBeGreaterThan(2);
  });

  it('can be forecast, with whatever was measured', () => {
    fc.assert(
      fc.property(plans, traffic, rate, (plan, unitsPerSecond, usual) => {
        const baseline = Object.fromEntries(
          hypothesesOf(plan).map(({ metric, kind }) => [
            metric,
            kind === 'mean' ? { count: 1_000, mean: usual - 0.5, squaredDeviations: usual } : usual,
          ]),
        );
        const told = forecast(plan, unitsPerSecond, baseline);
        expect(told.stages).toHaveLength(plan.stages.length);
        for (const { unitsNeeded } of told.stages) expect(unitsNeeded).not.toBeNaN();
      }),
      { numRuns: 500 },
    );
  });

  it('has a claim of non-inferiority that the judge takes, and that some outcome would break', () => {
    const figures = fc.record({
      harmBudget: fc.constantFrom(0, 1e-9, 50, 1e9),
      units: fc.oneof(fc.constantFrom(1, 3, 1e9), fc.integer({ min: 1, max: 1e6 })),
      share: fc.integer({ min: 1, max: 1_000_000 }).map((perMillion) => perMillion / 1_000_000),
      rate,
    });
    fc.assert(
      fc.property(plans, figures, (plan, at) => {
        const judge = startJudging({ plan, attempt: 1 }, hypothesesOf(plan));
        for (const hypothesis of hypothesesOf(plan)) {
          if (hypothesis.kind === 'mean' || hypothesis.role === 'success') continue;
          const claim = planNonInferiorityNull(hypothesis, at);
          requireNullTakenByJudge(judge, { id: hypothesis.id, claim, rate: at.rate });
          // Where the margin itself leaves something to ask for, no tolerance takes all of it.
          const strict = planHarmNull(hypothesis);
          if (strict.ratio * at.rate + strict.excess > 1 - 1e-9) continue;
          expect(claim.ratio * at.rate + claim.excess).toBeLessThan(1);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
