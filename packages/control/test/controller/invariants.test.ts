import { type ControllerInput, type Evidence, next, type RolloutStatus } from '@downhaul/control';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { transition } from '../../src/rollout/transitions.ts';
import { assessment, ERRORS, sampled, someEvidence } from '../support/evidence.ts';
import { someRollout, START_MS } from '../support/intake.ts';
import { somePlan } from '../support/world.ts';

const MINUTE_MS = 60_000;

function commandOf(input: ControllerInput): string | undefined {
  return next(input).command?.type;
}

const STATUSES: readonly RolloutStatus[] = [
  'measuring',
  'running',
  'held',
  'paused',
  'rolledBack',
  'completed',
  'ended',
];

const CODES = ['blind_both', 'sample_ratio', 'not_ready', 'by_hand', 'baseline_missing'];

const says = fc.record({
  harmful: fc.boolean(),
  signal: fc.boolean(),
  passed: fc.boolean(),
  srm: fc.boolean(),
  deficit: fc.constantFrom(-0.1, 0, 0.1),
});

const NOTHING_ORDINARY = { batches: 5, thresholds: [], raised: [], lasting: [], exceeded: [] };

const evidences = fc
  .record({
    said: says,
    freshness: fc.constantFrom('fresh', 'blind:both', 'blind:treatment', 'blind:control'),
    stale: fc.boolean(),
    blindSinceMs: fc.constantFrom(START_MS, START_MS + 25 * MINUTE_MS),
    treatment: fc.constantFrom(0, 100, 5_000),
    baseline: fc.constantFrom(0, 5_000),
    lost: fc.boolean(),
    late: fc.subarray(['payments', 'storefront/store-1']),
    lateShare: fc.constantFrom(0, 0.01, 0.02),
    answered: fc.subarray(['signal_harm', 'sample_ratio', 'blind_both', 'success_unmet']),
    exceeded: fc.constantFrom('', 'raised', 'lasting', 'exceeded'),
    success: fc.boolean(),
  })
  .map(({ said, freshness, stale, blindSinceMs, ...rest }) =>
    someEvidence({
      assessment: assessment(said),
      freshness,
      stale,
      quiet: freshness === 'fresh' && !stale ? [] : ['treatment'],
      ...(freshness === 'fresh' ? {} : { blindSinceMs }),
      units: { treatment: rest.treatment, control: 10 },
      baseline: { [ERRORS]: { units: rest.baseline, bad: 0 } },
      lostInstances: { names: rest.lost ? ['a', 'b'] : [], expected: 0, excess: rest.lost },
      late: rest.late,
      lateShare: rest.lateShare,
      answered: rest.answered,
      success: [{ metric: 'm', stage: 1, met: rest.success, text: 'm' }],
      ...(rest.exceeded === ''
        ? {}
        : { wholeStage: { ...NOTHING_ORDINARY, [rest.exceeded]: [ERRORS] } }),
    }),
  );

const inputs: fc.Arbitrary<ControllerInput> = fc
  .record({
    status: fc.constantFrom(...STATUSES),
    stage: fc.constantFrom(-1, 0, 1, 2),
    code: fc.constantFrom(...CODES),
    then: fc.constantFrom('hold', 'pause', 'rollback'),
    treatmentOnly: fc.constantFrom('hold', 'pause', 'rollback'),
    tooLong: fc.constantFrom('pause', 'rollback'),
    unguarded: fc.boolean(),
    minimumSample: fc.constantFrom(0, 1_000),
    sinceMinutes: fc.constantFrom(0, 4, 29, 31, 61, 13 * 60),
    flagDown: fc.boolean(),
    ready: fc.boolean(),
    evidence: fc.option(evidences, { nil: undefined }),
  })
  .map(inputOf);

function inputOf(drawn: {
  status: RolloutStatus;
  stage: number;
  code: string;
  then: 'hold' | 'pause' | 'rollback';
  treatmentOnly: 'hold' | 'pause' | 'rollback';
  tooLong: 'pause' | 'rollback';
  unguarded: boolean;
  minimumSample: number;
  sinceMinutes: number;
  flagDown: boolean;
  ready: boolean;
  evidence: Evidence | undefined;
}): ControllerInput {
  const { status, stage, then, treatmentOnly, unguarded, minimumSample, evidence } = drawn;
  const isMeasuring =
    status === 'measuring' || (stage < 0 && status !== 'running' && status !== 'completed');
  const plan = somePlan({
    ...(unguarded ? { guardrails: [] } : {}),
    stages: sampled(minimumSample),
    whenBlind: { holdMs: 30 * MINUTE_MS, then, treatmentOnly },
    whenStageTooLong: { afterMs: 12 * 60 * MINUTE_MS, then: drawn.tooLong },
  });
  const at = isMeasuring ? -1 : Math.max(0, status === 'completed' ? 2 : stage);
  return {
    rollout: someRollout({
      plan,
      status,
      stage: at,
      unguarded,
      ...(status === 'measuring' || status === 'running'
        ? {}
        : { cause: { code: drawn.code, text: 'x' } }),
    }),
    flagDown: drawn.flagDown,
    ...(evidence === undefined ? {} : { evidence: { ...evidence, stage: at } }),
    nowMs: START_MS + drawn.sinceMinutes * MINUTE_MS,
    readiness: { ok: drawn.ready, cause: 'not ready' },
  };
}

describe('whatever the evidence', () => {
  const runs = { numRuns: 3_000, seed: 3 };

  test('harm rolls back in every status in which a unit may be in treatment (invariant 4)', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { rollout, evidence } = input;
        const exposing = ['running', 'held', 'paused', 'completed'].includes(rollout.status);
        fc.pre(evidence !== undefined && exposing && rollout.stage >= 0);
        const harmful = { ...evidence, assessment: assessment({ harmful: true }) };
        expect(next({ ...input, evidence: harmful })).toMatchObject({
          step: 'harm',
          command: { type: 'rollbackRollout', cause: { code: 'harm' } },
        });
      }),
      runs,
    );
  });

  test('nothing advances that is blind, unpassed, unbaked, undersampled, down or not ready (invariant 5)', () => {
    let advanced = 0;
    fc.assert(
      fc.property(inputs, (input) => {
        const command = commandOf(input);
        if (command !== 'advanceRollout' && command !== 'completeRollout') return;
        advanced += 1;
        const { rollout, evidence, nowMs } = input;
        const stage = rollout.plan.stages[rollout.stage];
        expect(['measuring', 'running']).toContain(rollout.status);
        expect(input.flagDown).toBe(false);
        const needed = stage?.bakeMs ?? rollout.plan.baselineMs;
        expect(nowMs - rollout.stageEnteredAtMs).toBeGreaterThanOrEqual(needed);
        if (command === 'advanceRollout') expect(input.readiness?.ok).toBe(true);
        if (rollout.unguarded) return;
        expect(evidence).toMatchObject({ freshness: 'fresh', stale: false, quiet: [], late: [] });
        expect(evidence?.lateShare).toBeLessThanOrEqual(0.01);
        if (stage === undefined) return;
        expect(evidence?.units.treatment).toBeGreaterThanOrEqual(stage.minimumSample);
        expect(evidence?.assessment.safe).toBe(true);
      }),
      runs,
    );
    expect(advanced).toBeGreaterThan(10);
  });

  test('the same input gives the same step (invariant 8)', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        expect(next(structuredClone(input))).toEqual(next(input));
      }),
      { ...runs, numRuns: 500 },
    );
  });

  test('every command is one that the rollout takes', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(inputs, (input) => {
        const { command } = next(input);
        if (command === undefined) return;
        seen.add(command.type);
        const name = command.type as Parameters<typeof transition>[1];
        expect(transition(input.rollout, name)).not.toHaveProperty('refused');
      }),
      runs,
    );
    expect([...seen].sort()).toEqual([
      'advanceRollout',
      'completeRollout',
      'holdRollout',
      'pauseRollout',
      'releaseRollout',
      'rollbackRollout',
    ]);
  });
});
