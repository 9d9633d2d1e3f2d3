import { type CountedItem, next } from '@downhaul/control';
import { expect } from 'vitest';
import type { MetricSource } from '../../src/metric/source.ts';
import { Intake, ROLLOUT, SCOPE, someRollout, START_MS } from './intake.ts';
import { somePlan } from './world.ts';

export const MINUTE_MS = 60_000;
export const ERRORS = 'checkout.errors@requests';

export const OTLP: MetricSource = { type: 'otlp', of: 'errors' };
export const PROMETHEUS: MetricSource = {
  type: 'prometheus',
  server: 'main',
  queries: { bad: 'bad{v="$arm"}[$window]', total: 'total{v="$arm"}[$window]' },
  delayMs: 30_000,
  scrapeMs: 15_000,
};

/** A plan guarded by requests alone, with its metric frozen into it. */
export function plan(source: MetricSource) {
  const guardrail = { metric: 'checkout.errors', margin: { relative: 0.05, absolute: 0.0005 } };
  return somePlan({
    guardrails: [{ ...guardrail, worse: 'higher', weight: 1 }],
    signals: [],
    success: [],
    metrics: [
      {
        key: 'checkout.errors',
        kind: 'share',
        worse: 'higher',
        source,
        owner: 'team',
        description: '',
        version: 1,
      },
    ],
  });
}

const FIGURES = {
  baselineRate: 0.01,
  baselineUnits: 10_000,
  baselineUpper: 0.013,
  harmNull: { ratio: 1.05, excess: 0.0005 },
  nonInferiorityNull: { ratio: 1.05, excess: 0.02 },
  harmBound: 1,
};

export function running(source: MetricSource = PROMETHEUS, figures: object = {}): Intake {
  const intake = new Intake();
  const frozen = { nextStageUnits: 1_000, hypotheses: { [ERRORS]: { ...FIGURES, ...figures } } };
  intake.change(someRollout({ plan: plan(source), frozen }));
  return intake;
}

export function item(batch: number, change: Partial<CountedItem> = {}): CountedItem {
  const toMs = START_MS + (batch + 1) * MINUTE_MS;
  return {
    rollout: ROLLOUT,
    metric: 'checkout.errors',
    arm: 'control',
    stage: 0,
    fromMs: toMs - MINUTE_MS,
    toMs,
    batch,
    exposure: 300,
    events: 3,
    ...change,
  };
}

export function read(intake: Intake, items: readonly CountedItem[]): void {
  intake.add({ type: 'counted', scope: SCOPE, source: 'prometheus', items });
}

/** Batches in which control fails in 1 % and treatment at a rate of the test. */
export function batches(intake: Intake, count: number, badShare: number): void {
  const first = intake.state.rollouts.get(ROLLOUT)?.openBatch ?? 0;
  for (let batch = first; batch < first + count; batch++) {
    const treatment = { arm: 'treatment' as const, exposure: 100, events: 100 * badShare };
    read(intake, [item(batch), item(batch, treatment)]);
    intake.closeThrough(batch);
  }
}

export function stepOf(intake: Intake) {
  const { rollout } = intake.state.rollouts.get(ROLLOUT) ?? expect.fail('there is no rollout');
  return next({ rollout, evidence: intake.evidence, nowMs: intake.nowMs, flagDown: false });
}
