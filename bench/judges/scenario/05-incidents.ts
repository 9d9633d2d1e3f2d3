import { diurnal, ERRORS } from './parts.ts';
import type { Scenario } from './types.ts';

/** Incidents of 5 to 45 minutes, about one in three hours, each with its own height, up to 5 % errors. */
export const incidents: Scenario = {
  key: '05-incidents',
  title: 'A/A, incidents that hit both arms',
  truth: 'healthy',
  isSame: true,
  outcomes: [ERRORS],
  world: (random) => {
    const day = diurnal(random, {});
    const extra = new Float64Array(48 * 60);
    for (let minute = 0; minute < extra.length; minute++) {
      if (random() > 1 / 180) continue;
      const height = 0.05 * random() ** 2;
      const endMinute = minute + 5 + Math.floor(random() * 40);
      for (let at = minute; at < Math.min(endMinute, extra.length); at++) {
        extra[at] = (extra[at] ?? 0) + height * -Math.log(1 - random());
      }
    }
    return { ...day, rate: (at) => Math.min(1, day.rate(at) + (extra[at.minute] ?? 0)) };
  },
};
