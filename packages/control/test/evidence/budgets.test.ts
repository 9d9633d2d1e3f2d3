import { next } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { budgetEvidence } from '../../src/evidence/budgets.ts';
import { Intake, ROLLOUT, someRollout, START_MS } from '../support/intake.ts';
import { somePlan } from '../support/world.ts';
import { ripe } from '../support/evidence.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type Then = 'hold' | 'rollback';

function planOf(then: Then) {
  const [guardrail] = somePlan().guardrails;
  if (guardrail === undefined) expect.fail('there is no guardrail');
  const budget = { objective: 0.999, windowMs: 30 * DAY_MS, then };
  return somePlan({ guardrails: [{ ...guardrail, metric: 'http.error_rate', budget }] });
}

/** Tells every five minutes of 1,000 requests, from so many days before now. */
function told(days: number, bad: (agoMs: number) => number): Intake {
  const intake = new Intake();
  intake.nowMs = START_MS;
  intake.change(someRollout({ plan: planOf('hold') }));
  const nowMs = START_MS + 40 * DAY_MS;
  for (let agoMs = days * DAY_MS; agoMs > 0; agoMs -= 5 * MINUTE_MS) {
    intake.nowMs = nowMs - agoMs;
    const metrics = { 'http.error_rate': { count: 1_000, bad: bad(agoMs) } };
    intake.report({ traffic: { sinceMs: intake.nowMs, units: 500, metrics } });
  }
  intake.nowMs = nowMs;
  return intake;
}

function budgetOf(intake: Intake) {
  const telemetry = intake.state.rollouts.get(ROLLOUT);
  const hours = intake.state.environments.get('default/production')?.hours;
  if (telemetry === undefined || hours === undefined) expect.fail('nothing is known');
  return budgetEvidence(telemetry, hours, intake.nowMs)[0] ?? expect.fail('there is no budget');
}

describe('an error budget', () => {
  test('is left where requests fail less than the objective allows', () => {
    const budget = budgetOf(told(31, () => 0.5));
    expect(budget).toMatchObject({ state: 'left', knownMs: 30 * DAY_MS });
    expect(budget.spent).toBeCloseTo(0.5, 1);
    expect(budget.text).toBe('The error budget of 30 days of http.error_rate is 50 % spent.');
  });

  test('burns where much of it goes within an hour and still does', () => {
    const budget = budgetOf(told(31, (agoMs) => (agoMs <= HOUR_MS ? 30 : 0.5)));
    expect(budget.state).toBe('burning');
    expect(budget.text).toMatch(/is 5\d % spent; it burns \d+ times as fast as allowed over 1 h/);
    expect(budget.text).toContain('at this rate it is gone in');
  });

  test('does not burn any more when the trouble is over', () => {
    const isTrouble = (agoMs: number) => agoMs > 3 * HOUR_MS && agoMs <= 4 * HOUR_MS;
    expect(budgetOf(told(31, (agoMs) => (isTrouble(agoMs) ? 30 : 0.5))).state).toBe('left');
  });

  test('is burnt when nothing of it is left', () => {
    const budget = budgetOf(told(31, () => 1.2));
    expect(budget).toMatchObject({ state: 'burnt', exhaustedInMs: null });
  });

  test('with too little history is unknown: it neither fires nor is it healthy', () => {
    expect(budgetOf(told(0.02, () => 900))).toMatchObject({ state: 'unknown', spent: null });
    expect(budgetOf(told(0, () => 0)).text).toContain('It neither fires nor is it healthy');
  });

  test('of two days says what part of thirty they spent', () => {
    const budget = budgetOf(told(2, () => 0.5));
    expect(budget.knownMs).toBeLessThanOrEqual(2 * DAY_MS + 5 * MINUTE_MS);
    expect(budget.spent).toBeCloseTo(0.5 * (2 / 30), 1);
  });
});

describe('the controller', () => {
  const evidenceOf = (then: Then, state: 'left' | 'burning' | 'burnt' | 'unknown') => ({
    budgets: [
      {
        ...{ metric: 'http.error_rate', objective: 0.999, windowMs: 30 * DAY_MS, then, state },
        ...{ services: [], knownMs: 0, spent: 0.84, exhaustedInMs: null, text: 'Burnt.' },
      },
    ],
  });

  test('holds or rolls back for a budget that is burnt or burns, as the guardrail says', () => {
    for (const state of ['burning', 'burnt'] as const) {
      expect(next(ripe({}, evidenceOf('hold', state))).command).toMatchObject({
        type: 'holdRollout',
        cause: { code: 'budget_burnt', text: 'Burnt.' },
      });
      expect(next(ripe({ status: 'completed' }, evidenceOf('rollback', state)))).toMatchObject({
        step: 'budget',
        command: { type: 'rollbackRollout', cause: { code: 'budget_burnt' } },
      });
    }
  });

  test('does nothing for one that is left or unknown, and releases when it is', () => {
    for (const state of ['left', 'unknown'] as const) {
      expect(next(ripe({}, evidenceOf('rollback', state))).command?.type).toBe('advanceRollout');
      const cause = { code: 'budget_burnt', text: '' };
      const held = ripe({ status: 'held', cause }, evidenceOf('hold', state));
      expect(next(held).command?.type).toBe('releaseRollout');
    }
  });
});
