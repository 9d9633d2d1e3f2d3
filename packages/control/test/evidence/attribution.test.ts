import { deserializeTelemetry, next, serializeTelemetry, evidenceOf } from '@downhaul/control';
import type { ControllerStep, Plan, SerializedTelemetry } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { climbed, type Counted } from '../support/counted.ts';
import { ERRORS } from '../support/evidence.ts';
import { ROLLOUT } from '../support/intake.ts';
import { somePlan } from '../support/world.ts';

function step({ intake, telemetry }: Counted): ControllerStep {
  const evidence = evidenceOf(intake.state, ROLLOUT, intake.nowMs);
  return next({
    rollout: telemetry.rollout,
    flagDown: false,
    ...(evidence === undefined ? {} : { evidence }),
    nowMs: intake.nowMs,
    readiness: { ok: true, cause: '' },
  });
}

function attribution({ intake }: Counted) {
  return intake.evidence.attribution?.attribution;
}

/** 25 and then 50 %, as before; in the last half hour something happens. */
function at50(plan: Partial<Plan> = {}): Counted {
  const counted = climbed(20, { plan: somePlan(plan) });
  counted.minutes(30, { treatment: [500, 10], control: [500, 10] });
  return counted;
}

const half = (treated: number, control: number) =>
  ({ treatment: [500, treated], control: [500, control] }) as const;

describe('whose fault a worsening is', () => {
  test('nobody’s, where nothing is worse', () => {
    const counted = at50();
    expect(attribution(counted)).toBeNull();
    expect(step(counted).command?.type).not.toBe('rollbackRollout');
  });

  test('the feature’s, where treatment alone is: it is rolled back for harm', () => {
    const counted = at50();
    counted.minutes(10, half(40, 10));
    expect(attribution(counted)).toBe('feature');
    expect(step(counted)).toMatchObject({ step: 'harm', command: { type: 'rollbackRollout' } });
  });

  test('the service’s, where both are in the middle of a stage: it holds by itself and goes on', () => {
    const counted = at50();
    counted.minutes(20, half(60, 60));
    expect(attribution(counted)).toBe('service');
    const held = step(counted);
    expect(held.command).toMatchObject({ type: 'holdRollout', cause: { code: 'service_worse' } });
    expect(held.sentences.join(' ')).toContain('the service has a problem');
    counted.change({ status: 'held', cause: { code: 'service_worse', text: '' } });
    counted.minutes(20, half(10, 10));
    expect(attribution(counted)).toBeNull();
    expect(step(counted).command?.type).toBe('releaseRollout');
  });

  test('of both: a feature that fails more than its control is never kept up by an incident', () => {
    const counted = at50();
    counted.minutes(20, half(180, 60));
    expect(step(counted)).toMatchObject({ step: 'harm', command: { type: 'rollbackRollout' } });
  });

  /** All fail three times as often as soon as half of them are treated. */
  function overloaded(plan: Partial<Plan> = {}): Counted {
    const counted = climbed(20, { plan: somePlan(plan) });
    counted.enter(2, 750_000);
    counted.minutes(20, { treatment: [750, 45], control: [250, 15] });
    return counted;
  }

  test('shared, where control is worse with the share: held, and rolled back when it lasts', () => {
    const counted = overloaded();
    expect(attribution(counted)).toBe('shared');
    expect(step(counted).command).toMatchObject({
      type: 'holdRollout',
      cause: { code: 'shared_worse' },
    });
    counted.minutes(30, { treatment: [750, 45], control: [250, 15] });
    expect(step(counted)).toMatchObject({
      step: 'shared',
      command: { type: 'rollbackRollout', cause: { code: 'shared_worse' } },
    });
    const held = overloaded({ whenShared: { then: 'hold' } });
    held.minutes(30, { treatment: [750, 45], control: [250, 15] });
    expect(step(held).command).toMatchObject({
      type: 'holdRollout',
      cause: { code: 'shared_worse' },
    });
  });

  test('the service’s, where what began with a raise went by itself and something else came later', () => {
    const counted = overloaded();
    expect(attribution(counted)).toBe('shared');
    counted.minutes(20, { treatment: [750, 15], control: [250, 5] });
    expect(attribution(counted)).toBeNull();
    counted.minutes(40, { treatment: [750, 75], control: [250, 25] });
    expect(attribution(counted)).toBe('service');
    expect(step(counted).command).toMatchObject({
      type: 'holdRollout',
      cause: { code: 'service_worse' },
    });
  });

  test('invariant 4: `whenShared: hold` holds back no rollback for harm', () => {
    const counted = overloaded({ whenShared: { then: 'hold' } });
    counted.minutes(20, { treatment: [750, 150], control: [250, 15] });
    expect(attribution(counted)).toBe('shared');
    expect(step(counted)).toMatchObject({ step: 'harm', command: { type: 'rollbackRollout' } });
  });

  test('goes through a checkpoint and on, bit for bit', () => {
    const counted = at50();
    counted.minutes(20, half(60, 60));
    const text = JSON.stringify(serializeTelemetry(counted.intake.state));
    const restored = deserializeTelemetry(JSON.parse(text) as SerializedTelemetry);
    expect(restored?.rollouts.get(ROLLOUT)?.context).toEqual(counted.telemetry.context);
    expect(counted.telemetry.context.attribution[ERRORS]).toBeDefined();
  });
});
