import { COARSE_SLOT_MS, slotsBetween, UNITS_OF_SERVICE } from '../hours/note-hours.ts';
import type { EnvironmentHours } from '../hours/types.ts';
import type { EarlierDays, EarlierHour } from './types.ts';

const DAY_MS = 86_400_000;
const HOURS_A_DAY = 24;

/** Days that must have had an hour before it is called known. */
const ENOUGH_DAYS = 5;
/** Events below which an hour says more about chance than about the day. */
const MIN_COUNT = 100;
/** What days differ by at least, as a standard deviation of ln(rate): a short history may look too calm. */
const LEAST_SPREAD = 0.1;

/** The logarithm of a rate in one hour of one day, and the variance that chance alone gives it. */
interface LogRate {
  readonly hour: number;
  readonly logRate: number;
  readonly chance: number;
}

/**
 * How a metric's rate moves over the day, from the whole hours before `nowMs`; undefined without history of
 * these services. Rates are by request: of bad ones where requests are told, else of times per unit.
 */
export function earlierDays(
  hours: EnvironmentHours,
  { metric, services, nowMs }: { metric: string; services: readonly string[]; nowMs: number },
): EarlierDays | undefined {
  const told = [...hours.keys()].filter(
    (service) => services.length === 0 || services.includes(service),
  );
  const rates = hourlyRates(hours, { metric, services: told, nowMs });
  if (rates.length === 0) return undefined;
  const byHour = Array.from({ length: HOURS_A_DAY }, (_, hour) =>
    rates.filter((rate) => rate.hour === hour),
  );
  const known = byHour.map((each): EarlierHour | null =>
    each.length < ENOUGH_DAYS ? null : { days: each.length, logRate: meanOf(each) },
  );
  return { services: told, hours: known, spread: spreadOf(byHour) };
}

function hourlyRates(
  hours: EnvironmentHours,
  { metric, services, nowMs }: { metric: string; services: readonly string[]; nowMs: number },
): LogRate[] {
  const throughMs = Math.floor(nowMs / COARSE_SLOT_MS) * COARSE_SLOT_MS;
  const sums = new Map<number, { count: number; bad: number; units: number }>();
  for (const service of services) {
    const metrics = hours.get(service);
    for (const name of [metric, UNITS_OF_SERVICE]) {
      for (const slot of slotsBetween(metrics?.get(name)?.coarse ?? [], 0, throughMs)) {
        const sum = sums.get(slot.startMs) ?? { count: 0, bad: 0, units: 0 };
        sums.set(slot.startMs, sum);
        if (name === UNITS_OF_SERVICE) sum.units += slot.count;
        else {
          sum.count += slot.count;
          sum.bad += slot.bad;
        }
      }
    }
  }
  return [...sums].flatMap(([startMs, sum]) => logRateOf(metric, startMs, sum) ?? []);
}

function logRateOf(
  metric: string,
  startMs: number,
  { count, bad, units }: { count: number; bad: number; units: number },
): LogRate | undefined {
  const isTold = metric.startsWith('http.');
  const [events, of] = isTold ? [bad, count] : [count, units];
  // Timed requests without a word on which were slow say nothing of a rate.
  if (of < MIN_COUNT || count === 0 || (isTold && metric !== 'http.error_rate' && bad === 0)) {
    return undefined;
  }
  return {
    hour: Math.floor((startMs % DAY_MS) / COARSE_SLOT_MS),
    logRate: Math.log((events + 0.5) / (of + 1)),
    chance: 1 / (events + 0.5),
  };
}

function meanOf(rates: readonly LogRate[]): number {
  return rates.reduce((sum, { logRate }) => sum + logRate, 0) / rates.length;
}

/** From day to day at the same hour, all hours together, less what chance explains. */
function spreadOf(byHour: readonly (readonly LogRate[])[]): number {
  let [squares, chance, freedom, count] = [0, 0, 0, 0];
  for (const rates of byHour) {
    if (rates.length < 2) continue;
    const mean = meanOf(rates);
    freedom += rates.length - 1;
    for (const rate of rates) {
      squares += (rate.logRate - mean) ** 2;
      chance += rate.chance;
      count += 1;
    }
  }
  if (freedom === 0) return LEAST_SPREAD;
  return Math.sqrt(Math.max(LEAST_SPREAD ** 2, squares / freedom - chance / count));
}
