import { evidenceOf } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { earlierDays } from '../../src/telemetry/context/earlier-days.ts';
import { climbed, type Counted } from '../support/counted.ts';
import { ERRORS } from '../support/evidence.ts';
import { ROLLOUT } from '../support/intake.ts';

const DAY_MS = 86_400_000;

function whole(counted: Counted) {
  const { intake } = counted;
  return evidenceOf(intake.state, ROLLOUT, intake.nowMs)?.wholeStage;
}

/** Everyone is treated; 10 of 1,000 units a minute were bad before. */
function everyone(): Counted {
  const counted = climbed();
  counted.enter(2, 1_000_000);
  return counted;
}

describe('the stage in which everyone is treated', () => {
  test('is held against what control did last before the raise', () => {
    const counted = everyone();
    counted.minutes(10, { treatment: [1_000, 10] });
    expect(whole(counted)).toMatchObject({ raised: [], lasting: [], exceeded: [] });
    const [threshold] = whole(counted)?.thresholds ?? [];
    expect(threshold).toMatchObject({
      hypothesis: ERRORS,
      units: 5_000,
      bad: 50,
      limitFrom: 'assumed',
      reference: { units: 15_000, bad: 150, of: 'control' },
    });
  });

  test('a rate that triples with the raise is found within minutes', () => {
    const counted = everyone();
    counted.minutes(4, { treatment: [1_000, 30] });
    expect(whole(counted)).toMatchObject({ raised: [ERRORS] });
  });

  test('a rate that triples later is held, not blamed on the raise', () => {
    const counted = everyone();
    counted.minutes(10, { treatment: [1_000, 10] });
    counted.minutes(15, { treatment: [1_000, 30] });
    expect(whole(counted)).toMatchObject({ raised: [], lasting: [], exceeded: [ERRORS] });
    counted.minutes(30, { treatment: [1_000, 10] });
    expect(whole(counted)).toMatchObject({ exceeded: [] });
  });

  test('a rate that had tripled before the raise is not blamed on it', () => {
    const counted = climbed();
    counted.minutes(8, { treatment: [500, 15], control: [500, 15] });
    counted.enter(2, 1_000_000);
    counted.minutes(15, { treatment: [1_000, 30] });
    expect(whole(counted)).toMatchObject({ raised: [] });
  });

  test('the swing of a day is nothing, within an hour or six', () => {
    const counted = everyone();
    const rate = (minute: number) => Math.round(10 * (2 - Math.cos((Math.PI * minute) / 720)));
    for (let hour = 0; hour < 24; hour += 1) {
      counted.minutes(60, (minute) => ({ treatment: [1_000, rate(hour * 60 + minute)] }));
      expect(whole(counted)).toMatchObject({ raised: [], lasting: [], exceeded: [] });
    }
  });

  test('what is above everything ordinary for six quarters of an hour rolls back', () => {
    const counted = everyone();
    counted.minutes(600, { treatment: [1_000, 10] });
    counted.minutes(75, { treatment: [1_000, 80] });
    expect(whole(counted)).toMatchObject({ lasting: [], exceeded: [ERRORS] });
    counted.minutes(30, { treatment: [1_000, 80] });
    expect(whole(counted)).toMatchObject({ lasting: [ERRORS], raised: [] });
  });

  test('a break of a quarter of an hour starts the count anew', () => {
    const counted = everyone();
    counted.minutes(600, { treatment: [1_000, 10] });
    for (let time = 0; time < 3; time += 1) {
      counted.minutes(60, { treatment: [1_000, 80] });
      counted.minutes(30, { treatment: [1_000, 10] });
      expect(whole(counted)?.lasting).toEqual([]);
    }
  });

  test('too few units say nothing', () => {
    const counted = everyone();
    counted.minutes(120, { treatment: [1, 0] });
    counted.minutes(1, { treatment: [3, 3] });
    expect(whole(counted)).toMatchObject({ raised: [], lasting: [], exceeded: [] });
  });

  test('is compared with a control where a holdback leaves one', () => {
    const counted = climbed();
    counted.enter(2, 990_000);
    counted.minutes(10, { treatment: [990, 30], control: [10, 0] });
    expect(whole(counted)).toBeUndefined();
  });

  test('a rate that fell is no harm', () => {
    const counted = everyone();
    counted.minutes(120, { treatment: [1_000, 1] });
    expect(whole(counted)).toMatchObject({ raised: [], lasting: [], exceeded: [] });
  });
});

describe('with earlier days', () => {
  /** A day of 24 hourly rates of 100,000 requests, times a factor of the day. */
  function told(factors: readonly number[], rate: (hour: number) => number): Counted {
    const counted = climbed();
    const { context } = counted.telemetry;
    const from = Math.floor(counted.telemetry.rollout.startedAtMs / DAY_MS);
    const hours = new Map([['storefront', new Map([['http.error_rate', tell(from)]])]]);
    const days = earlierDays(hours, {
      metric: 'http.error_rate',
      services: [],
      nowMs: counted.telemetry.rollout.startedAtMs,
    });
    if (days !== undefined) context.earlier['http.error_rate'] = days;
    counted.enter(2, 1_000_000);
    return counted;

    function tell(today: number) {
      const coarse = factors.flatMap((factor, index) =>
        Array.from({ length: 24 }, (_, hour) => [
          (today - factors.length + index) * DAY_MS + hour * 3_600_000,
          100_000,
          Math.round(100_000 * rate(hour) * factor),
        ]).flat(),
      );
      return { fine: [], coarse };
    }
  }

  const calm = [1, 1.05, 0.95, 1.02, 0.98, 1];

  test('a rise to 2.8 that no earlier day had is held, and rolled back when it lasts', () => {
    const counted = told(calm, () => 0.01);
    counted.minutes(600, { treatment: [1_000, 10] });
    counted.minutes(15, { treatment: [1_000, 28] });
    expect(whole(counted)).toMatchObject({ exceeded: [ERRORS], lasting: [] });
    expect(whole(counted)?.thresholds[0]?.limitFrom).toBe('earlierDays');
    counted.minutes(90, { treatment: [1_000, 28] });
    expect(whole(counted)).toMatchObject({ lasting: [ERRORS] });
  });

  test('a rise that every earlier day had at this hour is ordinary, however high', () => {
    const startHour = Math.floor((climbed().telemetry.rollout.startedAtMs % DAY_MS) / 3_600_000);
    const peak = (startHour + 8) % 24;
    const counted = told(calm, (hour) => (hour === peak ? 0.08 : 0.01));
    counted.minutes(4 * 60, { treatment: [1_000, 10] });
    let exceeded = 0;
    for (let minute = 4 * 60; minute < 12 * 60; minute += 1) {
      const hour = new Date(counted.intake.nowMs).getUTCHours();
      counted.minutes(1, { treatment: [1_000, hour === peak ? 80 : 10] });
      exceeded += whole(counted)?.lasting.length ?? 0;
    }
    expect(exceeded).toBe(0);
  });

  test('days that differ much leave room', () => {
    const counted = told([0.4, 2.5, 1, 0.5, 2, 1], () => 0.01);
    counted.minutes(600, { treatment: [1_000, 10] });
    counted.minutes(105, { treatment: [1_000, 28] });
    expect(whole(counted)).toMatchObject({ exceeded: [], lasting: [] });
  });

  test('four days are not enough', () => {
    const counted = told(calm.slice(2), () => 0.01);
    counted.minutes(30, { treatment: [1_000, 10] });
    expect(whole(counted)?.thresholds[0]?.limitFrom).toBe('assumed');
  });
});
