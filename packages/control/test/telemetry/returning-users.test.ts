import type { Arm } from '@downhaul/engine';
import { describe, expect, test } from 'vitest';
import { type Crowd, type CrowdVisit, firstHarm } from '../support/crowd.ts';
import { exposure, Intake, outcome, ROLLOUT, someRollout, unitOf } from '../support/intake.ts';
import { countRuns, expectAtMostAlpha, runsOf } from '../support/rates.ts';
import { somePlan } from '../support/world.ts';

const MINUTE_MS = 60_000;
const ERRORS = 'http.error_rate@60000';
const SHARES = [200_000, 600_000, 800_000];

/** `c3` is unit 3 in control, `t3` in treatment; a `!` says that it failed. */
function see(intake: Intake, stage: number, ...seen: readonly string[]): void {
  const atMs = intake.nowMs;
  const items = seen.map((text) => {
    const arm: Arm = text.startsWith('t') ? 'treatment' : 'control';
    return { arm, unit: unitOf(Number(text.replaceAll(/\D/gu, ''))), fails: text.endsWith('!') };
  });
  intake.report({
    exposures: items.map(({ arm, unit }) =>
      exposure({ stage, version: 10 + stage, arm, unit, atMs }),
    ),
    outcomes: items.filter(({ fails }) => fails).map(({ unit }) => outcome({ unit, atMs })),
  });
}

function enter(intake: Intake, stage: number, change: Parameters<typeof someRollout>[0] = {}) {
  const sharePerMillion = stage < 0 ? 0 : (SHARES[stage] ?? 0);
  intake.change(
    someRollout({
      stage,
      status: stage < 0 ? 'measuring' : 'running',
      allocations: [{ sharePerMillion }],
      stageEnteredAtMs: intake.nowMs,
      version: 10 + stage,
      ...change,
    }),
  );
}

function close(intake: Intake, batches = 1): void {
  const telemetry = intake.state.rollouts.get(ROLLOUT) ?? expect.fail('there is no rollout');
  intake.closeThrough(telemetry.openBatch + batches - 1);
}

function judged(intake: Intake, id = ERRORS, rollout = ROLLOUT) {
  const judge = intake.state.rollouts.get(rollout)?.judge;
  const own = judge?.hypotheses.find((each) => each.id === id);
  return own?.kind === 'share' ? own : expect.fail(`${id} is not judged`);
}

describe('the strata that units are judged in', () => {
  test('are by the largest share at which an earlier stage saw them', () => {
    const intake = new Intake();
    enter(intake, 0);
    see(intake, 0, 't1', 'c2', 'c3', 'c4');
    close(intake);
    enter(intake, 1);
    see(intake, 1, 't1', 't2', 'c3!', 't5', 'c6');
    close(intake);
    enter(intake, 2);
    see(intake, 2, 't1', 't3!', 'c4', 't5', 'c6', 'c7');
    close(intake, 2);
    expect(judged(intake).totals).toEqual({
      '0|0': [1, 0, 3, 0],
      '1|0': [1, 0, 1, 0],
      '1|0/200000': [2, 0, 1, 1],
      '2|0': [0, 0, 1, 0],
      '2|0/200000': [0, 0, 1, 0],
      '2|0/600000': [3, 1, 1, 0],
    });
  });

  test('are no others for units that only the baseline or an earlier attempt has seen', () => {
    const intake = new Intake();
    enter(intake, -1);
    see(intake, -1, 'c1', 'c2');
    close(intake, 2);
    enter(intake, 0);
    see(intake, 0, 't1', 'c2');
    close(intake, 2);
    expect(judged(intake).totals).toEqual({ '0|0': [1, 0, 1, 0] });
    const id = 'default/production/new-checkout#2';
    enter(intake, 0, { id, attempt: 2, startedAtMs: intake.nowMs, version: 20 });
    const { nowMs: atMs } = intake;
    intake.report({
      exposures: [1, 2].map((unit) =>
        exposure({ rollout: id, version: 20, unit: unitOf(unit), atMs }),
      ),
    });
    intake.nowMs += MINUTE_MS;
    for (const batch of [0, 1]) {
      intake.add({ type: 'batchClosed', rollout: id, batch, endMs: intake.nowMs });
    }
    expect(judged(intake, ERRORS, id).totals).toEqual({ '0|0': [0, 0, 2, 0] });
  });

  test('stand with what was known when a batch first counted the unit', () => {
    const plan = somePlan({ horizonsMs: [MINUTE_MS, 10 * MINUTE_MS] });
    const intake = new Intake();
    enter(intake, 0, { plan });
    const lateAtMs = intake.nowMs;
    close(intake);
    enter(intake, 1, { plan });
    see(intake, 1, 't1', 'c2');
    close(intake);
    intake.report({ exposures: [exposure({ unit: unitOf(2), atMs: lateAtMs })] });
    close(intake, 12);
    for (const id of [ERRORS, 'http.error_rate@600000']) {
      expect(judged(intake, id).totals['1|0'], id).toEqual([1, 0, 1, 0]);
    }
  });

  test('hold for the measured slice, which keeps the past of all its units', () => {
    const intake = new Intake({ maxUnits: 300 });
    const spread = (number: number) => unitOf(number * 0x9e3779b97f4a7).slice(-16);
    const units = Array.from({ length: 250 }, (_, index) => spread(index + 1));
    for (const stage of [0, 1]) {
      enter(intake, stage);
      const { nowMs: atMs } = intake;
      const exposures = units.map((unit) => exposure({ stage, version: 10 + stage, unit, atMs }));
      intake.report({ exposures });
      close(intake, 2);
    }
    expect(intake.evidence.measuredShare).toBeLessThan(1);
    const stages = Object.entries(judged(intake).totals).filter(([key]) => key.startsWith('1|'));
    expect(stages.map(([key]) => key)).toEqual(['1|0/200000']);
  });
});

describe('units that were in treatment before', () => {
  test('count again in the start of their stage, and in no earlier one', () => {
    const intake = new Intake();
    enter(intake, 0);
    see(intake, 0, 't1', 'c2', 'c3');
    close(intake);
    enter(intake, 1);
    const before = judged(intake).starts.map(({ process }) => [...process.logCells]);
    see(intake, 1, 't1!', 'c3');
    close(intake, 2);
    const after = judged(intake).starts.map(({ process }) => process.logCells);
    expect(after[0]).toEqual(before[0]);
    expect(after[1]?.at(-1)).toBeGreaterThan(before[1]?.at(-1) ?? 0);
    expect(judged(intake).ratios['1']?.treatmentBad).toBe(1);
    expect(judged(intake).ratios['-1']?.treatmentBad).toBe(0);
  });

  test('do so as well when a longer horizon of an earlier stage closes after theirs', () => {
    const plan = somePlan({ horizonsMs: [10 * MINUTE_MS] });
    const intake = new Intake();
    enter(intake, 0, { plan });
    see(intake, 0, 't1!', 'c2');
    close(intake, 2);
    enter(intake, 1, { plan });
    see(intake, 1, 't1!', 'c2');
    close(intake, 12);
    const { totals, ratios } = judged(intake, 'http.error_rate@600000');
    expect(totals).toEqual({ '0|0': [1, 1, 1, 0], '1|0/200000': [1, 1, 1, 0] });
    expect(ratios['-1']?.treatmentBad).toBe(1);
  });
});

const ALPHA = 0.01;

/** Up to 50 %, in equal steps. */
function stages(count: number): number[] {
  return Array.from({ length: count }, (_, index) => (0.5 * (index + 1)) / count);
}

/** A fifth of the users fails at every visit, whatever the arm, in all of twenty stages. */
const PERSISTENT: Crowd = {
  users: 300,
  comes: 1,
  shares: stages(20),
  alphaHarm: ALPHA,
  rate: 0.2,
  failure: ({ user }) => (user < 60 ? 1 : 0),
};

/** Seven in ten come to each of five stages. */
const REGULAR: Crowd = {
  users: 4_000,
  comes: 0.7,
  shares: [0.1, 0.2, 0.3, 0.4, 0.5],
  alphaHarm: ALPHA,
  rate: 0.05,
  failure: () => 0.05,
};

function isRolledBack(crowd: Crowd, attempts: number) {
  return (seed: number) => firstHarm(crowd, { seed, attempts }) !== undefined;
}

/** The stages in which harm was found, by run. */
function found(failure: (visit: CrowdVisit) => number): (number | undefined)[] {
  const crowd = { ...REGULAR, failure };
  return [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((seed) => firstHarm(crowd, { seed })?.stage);
}

describe('false rollbacks, with a look at every batch', { timeout: 300_000 }, () => {
  test('by users who fail in every stage are at most alpha', () => {
    const runs = runsOf(40);
    expectAtMostAlpha(countRuns(runs, isRolledBack(PERSISTENT, 1)), runs, ALPHA);
  });

  test('by the same users in three attempts are at most alpha in all', () => {
    const runs = runsOf(15);
    expectAtMostAlpha(countRuns(runs, isRolledBack(PERSISTENT, 3)), runs, ALPHA);
  });

  test('are at most alpha where new visitors fail more often than returning ones', () => {
    const failure = ({ lastStage }: CrowdVisit) => (lastStage < 0 ? 0.3 : 0.01);
    const runs = runsOf(20);
    const crowd = { ...REGULAR, comes: 0.4, failure };
    expectAtMostAlpha(countRuns(runs, isRolledBack(crowd, 1)), runs, ALPHA);
  });

  test('are at most alpha where those fail who stayed away for a stage', () => {
    const failure = ({ stage, lastStage }: CrowdVisit) =>
      lastStage >= 0 && lastStage < stage - 1 ? 0.3 : 0.01;
    const runs = runsOf(20);
    const crowd = { ...REGULAR, comes: 0.4, shares: stages(10), failure };
    expectAtMostAlpha(countRuns(runs, isRolledBack(crowd, 1)), runs, ALPHA);
  });
});

describe('harm among users who come back', { timeout: 60_000 }, () => {
  test('is found where it doubles the failures of returning users alone', () => {
    const at = found(({ arm, lastStage }) => (arm === 'treatment' && lastStage >= 0 ? 0.1 : 0.05));
    expect(at).not.toContain(undefined);
    expect(at).not.toContain(0);
  });

  test('is found where it begins late and only in users who were in treatment before', () => {
    const at = found(({ stage, treatedBefore }) => (treatedBefore && stage >= 3 ? 0.15 : 0.05));
    expect(at).not.toContain(undefined);
    expect(Math.min(...at.map((stage) => stage ?? 0))).toBe(3);
  });
});
