import { domainError } from '../error/domain-error.ts';
import { PLAN_DEFAULTS } from '../plan/defaults.ts';
import type { WatchPlan } from '../plan/types.ts';
import { DATE_ACCEPTS, isDate } from './date.ts';
import { objectOf, parsedBy, type Reader } from './reader.ts';
import { readLength } from './readers.ts';

const readDay = parsedBy((text) => (isDate(text) ? Date.parse(text) : undefined), DATE_ACCEPTS);

const readShape = objectOf({}, { until: readDay, for: readLength, falseAlarmEvery: readLength });

/** The watch after completion; it ends on a day (at its beginning, UTC) or after a time, not by both. */
export const readWatch: Reader<WatchPlan> = (value, path, problems) => {
  const shape = readShape(value, path, problems);
  if (shape === undefined) return undefined;
  if (shape.until !== undefined && shape.for !== undefined) {
    problems.push(domainError('plan_watch_twice', {}, { path }));
    return undefined;
  }
  return {
    ...(shape.until === undefined ? {} : { untilMs: shape.until }),
    ...(shape.for === undefined ? {} : { forMs: shape.for }),
    falseAlarmEveryMs: shape.falseAlarmEvery ?? PLAN_DEFAULTS.watch.falseAlarmEveryMs,
  };
};
