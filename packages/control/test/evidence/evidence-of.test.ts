import { evidenceOf, type RolloutState } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import {
  activity,
  exposure,
  Intake,
  outcome,
  ROLLOUT,
  SCOPE,
  someRollout,
  START_MS,
  unitOf,
} from '../support/intake.ts';
import { somePlan } from '../support/world.ts';

const MINUTE_MS = 60_000;

function running(change: Partial<RolloutState> = {}): Intake {
  const intake = new Intake();
  intake.change(someRollout(change));
  return intake;
}

/** Units of both arms at 25 %, then a batch a minute in which only these arms are heard. */
function heard(
  arms: readonly ('control' | 'treatment')[],
  options: { readonly uses: number },
): Intake {
  const intake = running();
  intake.report({
    exposures: Array.from({ length: 80 }, (_, unit) =>
      exposure({ unit: unitOf(unit), arm: unit % 4 === 0 ? 'treatment' : 'control' }),
    ),
  });
  for (let batch = 0; batch < 7; batch++) {
    intake.closeThrough(batch);
    const lastAtMs = intake.nowMs;
    intake.report({
      activity: arms.map((arm) => activity({ arm, count: options.uses, lastAtMs })),
    });
  }
  return intake;
}

describe('freshness', () => {
  test('is there while every arm with a share is heard', () => {
    expect(heard(['control', 'treatment'], { uses: 50 }).evidence).toMatchObject({
      freshness: 'fresh',
      quiet: [],
      stale: false,
    });
  });

  test('is lost after five batches without a sound', () => {
    const { evidence } = heard([], { uses: 0 });
    expect(evidence).toMatchObject({
      freshness: 'blind:both',
      blindSinceMs: START_MS + 5 * MINUTE_MS,
    });
  });

  test('is lost of one arm where much was to be heard of it', () => {
    const { evidence } = heard(['control'], { uses: 50 });
    expect(evidence).toMatchObject({ freshness: 'blind:treatment', quiet: ['treatment'] });
    expect(heard(['treatment'], { uses: 50 }).evidence.freshness).toBe('blind:control');
  });

  test('is not lost, but no step up either, where little was to be heard', () => {
    expect(heard(['control'], { uses: 1 }).evidence).toMatchObject({
      freshness: 'fresh',
      quiet: ['treatment'],
    });
  });

  test('does not ask for an arm without a share', () => {
    const intake = running({ allocations: [{ sharePerMillion: 1_000_000 }] });
    intake.closeThrough(6);
    intake.report({ activity: [activity({ arm: 'treatment', lastAtMs: intake.nowMs })] });
    expect(intake.evidence.quiet).toEqual([]);
  });

  test('is lost when batches are closed no more', () => {
    const intake = heard(['control', 'treatment'], { uses: 50 });
    intake.nowMs += 7 * MINUTE_MS;
    intake.report({ activity: [activity({ lastAtMs: intake.nowMs })] });
    expect(intake.evidence).toMatchObject({ freshness: 'blind:both', stale: true });
  });

  test('allows for reports that are still on their way, however short the batches', () => {
    const intake = new Intake({ graceMs: 20_000 });
    intake.change(someRollout({ plan: somePlan({ batchMs: 1_000, horizonsMs: [2_000] }) }));
    for (let second = 0; second < 60; second++) {
      if (second % 10 === 0) {
        const lastAtMs = intake.nowMs;
        intake.report({
          activity: (['control', 'treatment'] as const).map((arm) => activity({ arm, lastAtMs })),
        });
      }
      intake.closeThrough(second);
      expect(intake.evidence.freshness).toBe('fresh');
    }
  });

  test('asks for outcomes where latency is judged', () => {
    const plan = somePlan({
      guardrails: [
        {
          metric: 'http.latency',
          quantile: 0.99,
          worse: 'higher',
          margin: { relative: 0.1, absolute: 0 },
          weight: 1,
        },
      ],
    });
    for (const measured of [true, false]) {
      const intake = running({ plan, allocations: [{ sharePerMillion: 0 }] });
      intake.report({ exposures: [exposure()] });
      intake.closeThrough(6);
      intake.report({
        activity: [activity({ lastAtMs: intake.nowMs })],
        outcomes: measured
          ? [outcome({ metric: 'http.latency', value: 7, atMs: intake.nowMs })]
          : [],
      });
      expect(intake.evidence.freshness).toBe(measured ? 'fresh' : 'blind:both');
    }
  });
});

describe('instances that vanish without goodbye', () => {
  function vanished(count: number): Intake {
    const intake = new Intake();
    intake.change(someRollout({ status: 'measuring', stage: -1, allocations: [] }));
    const names = Array.from({ length: 5 }, (_, index) => `store-${index}`);
    for (const name of names) intake.acknowledge(name, 10);
    intake.nowMs += 60 * MINUTE_MS;
    const stageEnteredAtMs = intake.nowMs;
    intake.change(someRollout({ stageEnteredAtMs, statusSinceMs: stageEnteredAtMs, version: 11 }));
    for (const name of names) intake.acknowledge(name, 11);
    intake.nowMs += 8 * MINUTE_MS;
    for (const name of names.slice(count)) intake.acknowledge(name, 12);
    return intake;
  }

  test('are an excess where the baseline lost none', () => {
    expect(vanished(1).evidence.lostInstances).toMatchObject({ names: ['store-0'], excess: false });
    expect(vanished(3).evidence.lostInstances).toMatchObject({
      names: ['store-0', 'store-1', 'store-2'],
      excess: true,
    });
  });

  test('are not counted when they said goodbye', () => {
    const intake = vanished(3);
    for (const instance of ['store-0', 'store-1', 'store-2']) {
      intake.add({ type: 'goodbye', scope: SCOPE, goodbye: { instance, lastSequence: 0 } });
    }
    expect(intake.evidence.lostInstances).toMatchObject({ names: [], excess: false });
  });
});

describe('success', () => {
  test('is judged by the last stage with both arms, and unmet until it is shown', () => {
    const success = [
      { metric: 'checkout.completed', better: 'higher', by: { relative: 0.01 } },
    ] as const;
    const met = (treated: number) => {
      const plan = somePlan({ success });
      const intake = running({ plan, stage: 1, allocations: [{ sharePerMillion: 500_000 }] });
      const units = Array.from({ length: 4_000 }, (_, index) => index);
      const arm = (unit: number) => (unit % 2 === 0 ? 'treatment' : 'control');
      intake.report({
        exposures: units.map((unit) => exposure({ unit: unitOf(unit), stage: 1, arm: arm(unit) })),
        outcomes: units
          .filter((unit) => unit % 100 < (arm(unit) === 'treatment' ? treated : 20))
          .map((unit) => outcome({ unit: unitOf(unit), metric: 'checkout.completed' })),
      });
      intake.closeThrough(0);
      return intake.evidence.success[0];
    };
    expect(met(40)).toMatchObject({ metric: 'checkout.completed', stage: 1, met: true });
    expect(met(20)).toMatchObject({ met: false });
    expect(met(21)?.text).toContain('not shown');
  });
});

test('a pause that a person answered by resuming is remembered for the stage', () => {
  const intake = running();
  const cause = { code: 'signal_harm', text: '' };
  intake.change(someRollout({ status: 'paused', cause, version: 11 }));
  expect(intake.evidence.answered).toEqual([]);
  const statusSinceMs = START_MS + MINUTE_MS;
  intake.change(someRollout({ statusSinceMs, version: 12 }));
  expect(intake.evidence).toMatchObject({ answered: ['signal_harm'], resumedAtMs: statusSinceMs });
  const stageEnteredAtMs = START_MS + 2 * MINUTE_MS;
  intake.change(someRollout({ stage: 1, stageEnteredAtMs, version: 13 }));
  expect(intake.evidence.answered).toEqual([]);
});

test('there is no evidence of a rollout that the intake has not named', () => {
  expect(evidenceOf(new Intake().state, ROLLOUT, START_MS)).toBeUndefined();
});
