import { deserializeTelemetry, serializeTelemetry, type TelemetryState } from '@downhaul/control';
import { describe, expect, it } from 'vitest';
import { laterStartsBy } from '../../src/telemetry/rollout/judging.ts';
import { ERRORS, item, plan, PROMETHEUS, read, stepOf } from '../support/requests.ts';
import { Intake, ROLLOUT, someRollout, START_MS } from '../support/intake.ts';

const LENGTHS = [3, 5, 6, 7, 12, 20, 40];
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const risingTo = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    allocations: [{ sharePerMillion: Math.round(((index + 1) / (count + 1)) * 1_000_000) }],
    bakeMs: MINUTE_MS,
    minimumSample: 0,
  }));

const FIGURES = {
  nextStageUnits: 100,
  hypotheses: {
    [ERRORS]: {
      baselineRate: 0.01,
      baselineUnits: 10_000,
      baselineUpper: 0.013,
      harmNull: { ratio: 1.05, excess: 0.0005 },
      nonInferiorityNull: { ratio: 1.05, excess: 0.02 },
      harmBound: 1,
    },
  },
};

/** A rollout judged by requests that stands in the last of so many stages, one minute in each before. */
function inLastOf(count: number): Intake {
  const intake = new Intake();
  const stages = risingTo(count);
  for (let stage = 0; stage < count; stage += 1) {
    const enteredAtMs = START_MS + stage * MINUTE_MS;
    intake.nowMs = enteredAtMs;
    const { allocations } = stages[stage] ?? expect.fail('no such stage');
    intake.change(
      someRollout({
        plan: { ...plan(PROMETHEUS), stages },
        ...{ stage, allocations, frozen: FIGURES, version: 10 + stage },
        ...{ stageEnteredAtMs: enteredAtMs, statusSinceMs: enteredAtMs },
      }),
    );
    minute(intake, stage, { batch: stage, badShare: 0.01 });
  }
  return intake;
}

function minute(
  intake: Intake,
  stage: number,
  { batch, badShare }: { readonly batch: number; readonly badShare: number },
): void {
  const treated = { arm: 'treatment' as const, exposure: 100, events: 100 * badShare };
  read(intake, [item(batch, { stage }), item(batch, { stage, ...treated })]);
  intake.closeThrough(batch);
}

describe.each(LENGTHS)('a rollout judged by requests, in the last of %i stages', (count) => {
  it('is rolled back when every treated request fails there', () => {
    const intake = inLastOf(count);
    expect(intake.evidence.assessment.harm.harmful).toBe(false);
    for (let batch = count; batch < count + 5; batch += 1) {
      minute(intake, count - 1, { batch, badShare: 1 });
    }
    expect(intake.evidence.assessment.harm.harmful).toBe(true);
    expect(stepOf(intake)).toMatchObject({ step: 'harm', command: { type: 'rollbackRollout' } });
  });
});

describe('a checkpoint of a release that knew five weights', () => {
  const FIVE = [0.5, 0.2, 0.15, 0.1, 0.05];

  /** The state as that release would have written it. */
  function asWritten(state: TelemetryState): TelemetryState {
    const json = JSON.parse(JSON.stringify(serializeTelemetry(state))) as ReturnType<
      typeof serializeTelemetry
    >;
    for (const { judge } of json.rollouts) {
      Object.assign(judge.config, { startWeights: FIVE });
      for (const { starts } of judge.hypotheses) {
        for (const start of starts) Object.assign(start, { weight: FIVE[start.stage] });
      }
    }
    return deserializeTelemetry(json) ?? expect.fail('it is not read');
  }

  it('leaves weight for every stage to come, and never more than there is', () => {
    const before = inLastOf(4);
    const intake = new Intake();
    Object.assign(intake, { state: asWritten(before.state), nowMs: before.nowMs });
    intake.rows.push(...before.rows);
    const judge = intake.state.rollouts.get(ROLLOUT)?.judge;
    expect(judge?.config.startWeights).toEqual(FIVE.slice(0, 4));
    const stages = risingTo(9);
    for (let stage = 4; stage < 9; stage += 1) {
      const { allocations } = stages[stage] ?? expect.fail('no such stage');
      intake.change(
        someRollout({
          plan: { ...plan(PROMETHEUS), stages },
          ...{ stage, allocations, frozen: FIGURES, version: 10 + stage },
        }),
      );
    }
    const weights = judge?.hypotheses[0]?.starts.map(({ weight }) => weight) ?? [];
    expect(weights).toHaveLength(9);
    expect(weights.slice(0, 4)).toEqual(FIVE.slice(0, 4));
    expect(weights.every((weight) => weight > 0)).toBe(true);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeLessThan(1);
  });
});

describe('later starts of a long stage', () => {
  it('come every six hours for six days, then ever more rarely, and never end', () => {
    expect([0, 5.9, 6, 12, 144].map((hours) => laterStartsBy(hours * HOUR_MS))).toEqual([
      0, 0, 1, 2, 24,
    ]);
    const days = (count: number) => laterStartsBy(count * 24 * HOUR_MS);
    expect(days(7)).toBeGreaterThan(24);
    expect(days(365)).toBeGreaterThan(days(180));
    expect(days(365)).toBeLessThan(150);
    for (let hours = 1; hours < 5_000; hours += 1) {
      const grown = laterStartsBy(hours * HOUR_MS) - laterStartsBy((hours - 1) * HOUR_MS);
      expect(grown).toBeGreaterThanOrEqual(0);
      expect(grown).toBeLessThanOrEqual(1);
    }
  });
});
