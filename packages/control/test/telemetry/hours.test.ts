import {
  deserializeTelemetry,
  type SerializedTelemetry,
  serializeTelemetry,
} from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { slotsBetween } from '../../src/telemetry/hours/note-hours.ts';
import { Intake, START_MS } from '../support/intake.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const FROM_MS = Math.ceil(START_MS / DAY_MS) * DAY_MS;

function tell(intake: Intake, atMs: number, bad = 1, metric = 'http.error_rate'): void {
  intake.nowMs = Math.max(intake.nowMs, atMs);
  const metrics = { [metric]: { count: 100, bad } };
  intake.report({ throughMs: atMs, traffic: { sinceMs: atMs, units: 10, metrics } });
}

function hoursOf(intake: Intake, metric = 'http.error_rate') {
  return intake.state.environments.get('default/production')?.hours.get('storefront')?.get(metric);
}

describe('the history of an environment', () => {
  test('sums what services tell by slots of five minutes and of an hour', () => {
    const intake = new Intake();
    for (const minute of [0, 4, 5, 59, 60]) tell(intake, FROM_MS + minute * MINUTE_MS);
    const { fine = [], coarse = [] } = hoursOf(intake) ?? {};
    expect(slotsBetween(fine, FROM_MS, FROM_MS + HOUR_MS)).toEqual([
      { startMs: FROM_MS, count: 200, bad: 2 },
      { startMs: FROM_MS + 5 * MINUTE_MS, count: 100, bad: 1 },
      { startMs: FROM_MS + 55 * MINUTE_MS, count: 100, bad: 1 },
    ]);
    expect(slotsBetween(coarse, FROM_MS, FROM_MS + DAY_MS)).toEqual([
      { startMs: FROM_MS, count: 400, bad: 4 },
      { startMs: FROM_MS + HOUR_MS, count: 100, bad: 1 },
    ]);
    expect(hoursOf(intake, '')?.coarse).toEqual([FROM_MS, 40, 0, FROM_MS + HOUR_MS, 10, 0]);
  });

  test('does not depend on the order in which reports come', () => {
    const minutes = [0, 7, 3, 190, 65, 4_400, 66, 7];
    const told = (order: readonly number[]) => {
      const intake = new Intake();
      intake.nowMs = FROM_MS + 10 * DAY_MS;
      for (const minute of order) tell(intake, FROM_MS + minute * MINUTE_MS);
      return hoursOf(intake);
    };
    expect(told(minutes.toReversed())).toEqual(told(minutes));
  });

  test('forgets five minutes after three days, and hours after 35 days', () => {
    const intake = new Intake();
    for (let day = 0; day <= 40; day++) tell(intake, FROM_MS + day * DAY_MS);
    expect(hoursOf(intake)?.fine).toHaveLength(3 * 3);
    expect(hoursOf(intake)?.coarse).toHaveLength(35 * 3);
    tell(intake, FROM_MS);
    expect(hoursOf(intake)?.coarse).toHaveLength(35 * 3);
  });

  test('holds as many series as it was made for, whatever names services make up', () => {
    const intake = new Intake();
    for (let name = 0; name < 1_000; name++) tell(intake, FROM_MS, 0, `made-up-${name}`);
    tell(intake, FROM_MS, 1, 'made-up-3');
    const metrics = intake.state.environments.get('default/production')?.hours.get('storefront');
    expect(metrics?.size).toBe(400);
    expect(hoursOf(intake, 'made-up-3')?.fine).toEqual([FROM_MS, 200, 1]);
  });

  test('goes through a checkpoint and on', () => {
    const intake = new Intake();
    tell(intake, FROM_MS);
    const text = JSON.stringify(serializeTelemetry(intake.state));
    const restored = deserializeTelemetry(JSON.parse(text) as SerializedTelemetry);
    expect(restored?.environments.get('default/production')?.hours).toEqual(
      intake.state.environments.get('default/production')?.hours,
    );
  });
});
