import {
  type ControllerInput,
  type Evidence,
  next,
  type Plan,
  type RolloutStatus,
  type WholeStageEvidence,
} from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { assessment, ERRORS, ripe, sampled } from '../support/evidence.ts';
import { START_MS } from '../support/intake.ts';
import { somePlan } from '../support/world.ts';

const MINUTE_MS = 60_000;

function commandOf(input: ControllerInput): string | undefined {
  return next(input).command?.type;
}

describe('a step of the controller', () => {
  test('advances a stage that lacks nothing, with the figures of the next', () => {
    const step = next(ripe());
    expect(step.command).toMatchObject({
      type: 'advanceRollout',
      flag: 'new-checkout',
      environment: 'production',
      figures: { nextStageUnits: 1_000 },
      evidence: { throughSequence: 100, judgeVersion: '1', verdict: 'safe' },
    });
  });

  test.each([
    ['bake', { nowMs: START_MS + 29 * MINUTE_MS }, 'bake'],
    ['passed guardrail', { evidence: { assessment: assessment({ passed: false }) } }, 'guardrails'],
    ['sample', { plan: { stages: sampled(6_000) } }, 'minimum_sample'],
    ['sound of an arm', { evidence: { quiet: ['treatment'] as const } }, 'quiet'],
  ])('waits for a missing %s and says how much', (_, change, code) => {
    const {
      evidence = {},
      plan = {},
      nowMs,
    } = change as {
      evidence?: Partial<Evidence>;
      plan?: Partial<Plan>;
      nowMs?: number;
    };
    const input = ripe({ plan: somePlan(plan) }, evidence);
    const step = next({ ...input, nowMs: nowMs ?? input.nowMs });
    expect(step).toMatchObject({ step: 'wait', waitsFor: { code } });
    expect(step.command).toBeUndefined();
  });

  test('says how many units a guardrail lacks, and nothing once that many were not enough', () => {
    const said = assessment({ passed: false });
    const waiting = (units: number) => {
      const nonInferiority = said.nonInferiority.map((each) => ({ ...each, units }));
      const figures = { baselineRate: 0.01, baselineUpper: 0.012, harmBound: 10 };
      const nulls = {
        harmNull: { ratio: 1.05, excess: 0 },
        nonInferiority: said.nonInferiority[0]?.null,
      };
      const frozen = { nextStageUnits: 1_000, hypotheses: { [ERRORS]: { ...figures, ...nulls } } };
      const change = { frozen: frozen as never };
      return next(ripe(change, { assessment: { ...said, nonInferiority } })).waitsFor;
    };
    expect(waiting(10)?.remaining).toEqual({ units: expect.any(Number) as number });
    expect(waiting(10_000_000)).toMatchObject({ code: 'guardrails' });
    expect(waiting(10_000_000)?.remaining).toBeUndefined();
  });

  test('holds for what requires is missing, only where it would advance', () => {
    const readiness = { ok: false, cause: 'payments is too old' };
    expect(next({ ...ripe(), readiness }).command).toMatchObject({
      type: 'holdRollout',
      cause: { code: 'not_ready', text: 'payments is too old' },
    });
    expect(commandOf({ ...ripe(), nowMs: START_MS + MINUTE_MS, readiness })).toBeUndefined();
    const held = ripe({ status: 'held', cause: { code: 'not_ready', text: '' } });
    expect(commandOf({ ...held, readiness })).toBeUndefined();
    expect(commandOf(held)).toBe('releaseRollout');
  });

  test.each([
    [
      { late: ['payments/pay-1', 'payments/pay-2'] },
      'Reports are overdue of payments/pay-1, payments/pay-2.',
    ],
    [{ late: ['payments'] }, 'No instance is left to report of payments.'],
    [{ lateShare: 0.034 }, '3.4 % of the outcomes of this stage came after'],
  ])('holds while telemetry is late, and says whose: %o', (late, text) => {
    const step = next(ripe({}, late));
    expect(step.command).toMatchObject({
      type: 'holdRollout',
      cause: { code: 'telemetry_late', text: expect.stringContaining(text) as string },
      evidence: { verdict: 'blind' },
    });
    expect(step.sentences.join(' ')).toContain(text);
    const cause = { code: 'telemetry_late', text };
    const held = ripe({ status: 'held', cause }, late);
    expect(commandOf(held)).toBeUndefined();
    expect(commandOf(ripe({ status: 'held', cause }))).toBe('releaseRollout');
    const plan = somePlan({ whenBlind: { ...somePlan().whenBlind, then: 'pause' } });
    expect(commandOf(ripe({ status: 'held', cause, plan }, late))).toBe('pauseRollout');
    const completed = ripe({ status: 'held', cause, stage: 2 }, { ...late, quiet: [] });
    expect(commandOf(completed)).toBeUndefined();
  });

  test('goes up only while no bet on harm is ahead, of all stages or of this one', () => {
    const leaning = (logE: number, sinceStage: number, slice?: true) => {
      const said = assessment({});
      const of = { hypothesis: ERRORS, dimension: 'platform', value: 'tv', minimumSample: 0 };
      const own = { hypothesis: ERRORS, logE, sinceStage, limit: 5, ...(slice && { slice: of }) };
      return ripe({}, { assessment: { ...said, harm: { ...said.harm, attribution: [own] } } });
    };
    expect(commandOf(leaning(-1, -1))).toBe('advanceRollout');
    for (const input of [leaning(1, -1), leaning(-1, 1)]) {
      const { step, waitsFor } = next(input);
      expect(step).toBe('wait');
      expect(waitsFor).toMatchObject({ code: 'leaning' });
      expect(waitsFor?.text).toContain(ERRORS);
    }
    // One of many slices looks bad by chance: it takes more.
    expect(commandOf(leaning(1, 1, true))).toBe('advanceRollout');
    expect(next(leaning(1, 4, true)).waitsFor).toMatchObject({ code: 'leaning' });
  });

  test('names ten of many, and tolerates a hundredth that is late', () => {
    const late = Array.from({ length: 30 }, (_, index) => `payments/pay-${index}`);
    expect(next(ripe({}, { late })).waitsFor?.text).toContain('payments/pay-9 and 20 more.');
    expect(commandOf(ripe({}, { lateShare: 0.01 }))).toBe('advanceRollout');
    const { sentences } = next(
      ripe(
        {},
        {
          dropped: { impossibleArm: 0, closedStage: 0, lateOutcomes: 4, movedOut: 0, secondArm: 0 },
          lostInstances: { names: ['store-1'], expected: 1, excess: false },
        },
      ),
    );
    expect(sentences).toContain('4 outcomes came too late for any horizon of their unit.');
    expect(sentences).toContain('Silent without a goodbye: store-1.');
  });

  test('holds while blind, releases when it sees again, and then does what the plan says', () => {
    const blind = { freshness: 'blind:both', quiet: ['control', 'treatment'] } as const;
    expect(next(ripe({}, blind)).command).toMatchObject({
      type: 'holdRollout',
      cause: { code: 'blind_both' },
    });
    const held = { status: 'held', cause: { code: 'blind_both', text: '' } } as const;
    expect(commandOf(ripe(held))).toBe('releaseRollout');
    for (const [then, command] of [
      ['hold', undefined],
      ['pause', 'pauseRollout'],
      ['rollback', 'rollbackRollout'],
    ] as const) {
      const whenBlind = { holdMs: 30 * MINUTE_MS, then, treatmentOnly: 'hold' } as const;
      const plan = somePlan({ whenBlind });
      expect(commandOf(ripe({ ...held, plan }, blind)), then).toBe(command);
      const short = { ...held, plan, statusSinceMs: START_MS + 35 * MINUTE_MS };
      expect(commandOf(ripe(short, blind)), then).toBeUndefined();
    }
  });

  test('leaves a hold that a person made to that person', () => {
    const step = next(ripe({ status: 'held', cause: { code: 'by_hand', text: 'Lunch.' } }));
    expect(step.command).toBeUndefined();
    expect(step.waitsFor).toEqual({ code: 'held', text: 'Lunch.' });
  });

  test('rolls back when treatment alone is silent for as long as the plan holds', () => {
    const silent = (blindSinceMs: number) =>
      ripe({}, { freshness: 'blind:treatment', quiet: ['treatment'], blindSinceMs });
    expect(commandOf(silent(START_MS + 11 * MINUTE_MS))).toBe('holdRollout');
    expect(next(silent(START_MS + 10 * MINUTE_MS)).command).toMatchObject({
      type: 'rollbackRollout',
      cause: { code: 'treatment_silent' },
    });
  });

  test('rolls back at once when the sample ratio proves units missing from treatment', () => {
    const srm = (deficit: number) => ripe({}, { assessment: assessment({ srm: true, deficit }) });
    expect(commandOf(srm(0.05))).toBe('rollbackRollout');
    expect(next(srm(-0.05)).command).toMatchObject({
      type: 'holdRollout',
      cause: { code: 'sample_ratio' },
    });
  });

  test('pauses for a harmful signal until a person has answered it', () => {
    const signal = { assessment: assessment({ signal: true }) };
    expect(next(ripe({}, signal)).command).toMatchObject({
      type: 'pauseRollout',
      cause: { code: 'signal_harm' },
    });
    expect(commandOf(ripe({}, { ...signal, answered: ['signal_harm'] }))).toBe('advanceRollout');
  });

  test('asks the owner where success is unmet, and takes a resume for a yes', () => {
    const success = [{ metric: 'm', stage: 1, met: false, text: 'm higher by 1 %: not shown' }];
    expect(next(ripe({ stage: 2 }, { success })).command).toMatchObject({
      type: 'pauseRollout',
      cause: { code: 'success_unmet' },
    });
    const answered = ['success_unmet'];
    expect(commandOf(ripe({ stage: 2 }, { success, answered }))).toBe('completeRollout');
  });

  describe('where everyone is treated', () => {
    const everyone = { stage: 2, allocations: [{ sharePerMillion: 1_000_000 }] };
    const none = { ...assessment({ passed: false }), nonInferiority: [] };
    const nothing = { batches: 5, thresholds: [], raised: [], lasting: [], exceeded: [] };
    const seen = (status: RolloutStatus, change: Partial<WholeStageEvidence>) =>
      next(
        ripe({ ...everyone, status }, { assessment: none, wholeStage: { ...nothing, ...change } }),
      );

    test('the bake completes it, and no error rate is claimed', () => {
      const step = seen('running', {});
      expect(step.command?.type).toBe('completeRollout');
      expect(step.sentences.join(' ')).toContain('No error rate is claimed');
    });

    test('a rate that rose with the raise, or stays above everything ordinary, rolls back', () => {
      for (const status of ['running', 'held', 'paused', 'completed'] as const) {
        for (const [why, code] of [
          ['raised', 'raise_exceeded'],
          ['lasting', 'baseline_exceeded'],
        ] as const) {
          expect(seen(status, { [why]: [ERRORS] }).command).toMatchObject({
            type: 'rollbackRollout',
            cause: { code },
            evidence: { verdict: 'harmful', harm: { attribution: [ERRORS] } },
          });
        }
      }
    });

    test('a rate that is above it now is held, and released when it is not', () => {
      expect(seen('running', { exceeded: [ERRORS] }).command).toMatchObject({
        type: 'holdRollout',
        cause: { code: 'above_ordinary' },
      });
      expect(seen('completed', { exceeded: [ERRORS] }).command).toBeUndefined();
      const cause = { code: 'above_ordinary', text: '' };
      const held = ripe(
        { ...everyone, status: 'held', cause },
        { assessment: none, wholeStage: nothing },
      );
      expect(commandOf(held)).toBe('releaseRollout');
    });
  });

  test('pauses a stage that takes too long, and counts anew from a resume', () => {
    const unpassed = { assessment: assessment({ passed: false }) };
    const late = { ...ripe({}, unpassed), nowMs: START_MS + 12 * 60 * MINUTE_MS };
    expect(next(late).command).toMatchObject({
      type: 'pauseRollout',
      cause: { code: 'stage_too_long' },
    });
    const resumed = ripe({}, { ...unpassed, resumedAtMs: late.nowMs - MINUTE_MS });
    expect(commandOf({ ...resumed, nowMs: late.nowMs })).toBeUndefined();
  });

  test('enters the first stage after the baseline, and holds where the baseline is empty', () => {
    const measuring = {
      status: 'measuring',
      stage: -1,
      allocations: [{ sharePerMillion: 0 }],
    } as const;
    expect(commandOf(ripe(measuring))).toBe('advanceRollout');
    expect(commandOf({ ...ripe(measuring), nowMs: START_MS + MINUTE_MS })).toBeUndefined();
    const open = { baseline: { [ERRORS]: { units: 0, bad: 0 } } };
    // The window is over, its last batches are not: what they count is not known yet.
    expect(next(ripe(measuring, open))).toMatchObject({
      step: 'measure',
      waitsFor: { code: 'baseline', remaining: { ms: 0 } },
    });
    const empty = { ...open, closedThroughMs: START_MS + 39 * MINUTE_MS };
    expect(next(ripe(measuring, empty)).command).toMatchObject({
      type: 'holdRollout',
      cause: { code: 'baseline_missing' },
    });
    const late = { ...ripe(measuring, empty), nowMs: START_MS + 12 * 60 * MINUTE_MS };
    expect(next(late).command).toMatchObject({
      type: 'pauseRollout',
      cause: { code: 'too_little_traffic' },
    });
  });

  test('advances an unguarded plan by its bake alone, and says so', () => {
    const { rollout, flagDown, nowMs } = ripe({
      unguarded: true,
      plan: somePlan({ guardrails: [] }),
    });
    const input = { rollout, flagDown, nowMs };
    expect(commandOf(input)).toBe('advanceRollout');
    expect(commandOf({ ...input, nowMs: START_MS + MINUTE_MS })).toBeUndefined();
    expect(next(input).sentences.join(' ')).toContain('unguarded');
  });

  test('pauses while the flag is down', () => {
    expect(next({ ...ripe(), flagDown: true }).command).toMatchObject({
      type: 'pauseRollout',
      cause: { code: 'flag_down' },
    });
  });
});

describe('evidence that does not know the last change of the rollout', () => {
  const stale = { stage: 0, throughPosition: 6 };
  const moved = { stage: 1, version: 7 };

  test('goes nowhere but down, be it of another stage, attempt or version', () => {
    expect(next(ripe({ stage: 1 }, { stage: 0 }))).toMatchObject({
      step: 'wait',
      waitsFor: { code: 'evidence_outdated' },
    });
    expect(commandOf(ripe({ stage: 1 }, { rollout: 'default/production/x#9' }))).toBeUndefined();
    expect(commandOf(ripe({ version: 7 }, { throughPosition: 6 }))).toBeUndefined();
    expect(commandOf(ripe({ version: 7 }, { throughPosition: 7 }))).toBe('advanceRollout');
    const harmful = { ...stale, assessment: assessment({ harmful: true }) };
    expect(commandOf(ripe(moved, harmful))).toBe('rollbackRollout');
  });
});
