import { MAX_SLICE_VALUE, MAX_SLICES, sliceValue } from '@downhaul/engine';

/** Where and why a report is no report. */
interface ShapeProblem {
  /** JSON pointer into the report. */
  readonly path: string;
  readonly message: string;
}

/** The most items of each kind that one report may carry; an SDK's own bounds are lower. */
export const REPORT_BOUNDS = { exposures: 20_000, outcomes: 50_000, activity: 5_000 } as const;

const MAX_NAME = 500;
const UNIT = /^[0-9a-f]{16}$/;

type Check = (value: unknown) => string | undefined;
type Shape = Readonly<Record<string, Check>>;

const count: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : 'a whole number from 0';
/** More reports than an instance could send in ten thousand years. */
const MAX_SEQUENCE = 1_000_000_000_000;
const sequence: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= MAX_SEQUENCE
    ? undefined
    : 'a whole number from 1 to 1000000000000';
const stage: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= -2 ? undefined : 'a whole number from -2';
const time: Check = (value) =>
  Number.isFinite(value) && (value as number) >= 0 ? undefined : 'a time in milliseconds';
const figure: Check = (value) => (Number.isFinite(value) ? undefined : 'a finite number');
const flagged: Check = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const arm: Check = (value) =>
  value === 'control' || value === 'treatment' ? undefined : '`control` or `treatment`';
const unit: Check = (value) =>
  typeof value === 'string' && UNIT.test(value) ? undefined : '16 lower-case hexadecimal digits';
const name: Check = (value) =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME
    ? undefined
    : `a text of 1 to ${MAX_NAME} characters`;
const mark: Check = (value) => (value === true ? undefined : '`true`, or nothing');
const slices: Check = (value) => {
  const accepted = `an object of at most ${MAX_SLICES} texts of 1 to ${MAX_SLICE_VALUE} characters`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return accepted;
  const entries = Object.entries(value);
  const fits = entries.every(
    ([attribute, text]) => name(attribute) === undefined && sliceValue(text) === text,
  );
  return fits && entries.length <= MAX_SLICES ? undefined : accepted;
};
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

/** What an item's values come to: three finite numbers. */
const trackedValues: Check = (value) => {
  const { sum, largest, last } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isWhole = [sum, largest, last].every((each) => figure(each) === undefined);
  return isWhole ? undefined : 'an object of finite numbers `sum`, `largest` and `last`';
};

/** More flags than one instance evaluates. */
const MAX_EVALUATED = 10_000;
const flags: Check = (value) => {
  const fits =
    Array.isArray(value) &&
    value.length <= MAX_EVALUATED &&
    value.every((flag) => name(flag) === undefined);
  return fits ? undefined : `a list of at most ${MAX_EVALUATED} keys of flags`;
};

const REPORT: Shape = {
  instance: name,
  sequence,
  sentAtMs: time,
  throughMs: optional(time),
  version: count,
  evaluates: optional(flags),
};
/** Metrics of a report's traffic; an SDK's own bound is lower. */
const MAX_TRAFFIC_METRICS = 500;
const TRAFFIC: Shape = { sinceMs: time, units: count };
const TRAFFIC_METRIC: Shape = { count, bad: count };
const METRICS = '/traffic/metrics';
const DROPPED: Shape = { exposures: count, outcomes: count };
const ITEMS: Readonly<Record<keyof typeof REPORT_BOUNDS, Shape>> = {
  exposures: {
    flag: name,
    rollout: name,
    stage,
    allocation: count,
    arm,
    served: flagged,
    version: count,
    unit,
    atMs: time,
    slices: optional(slices),
    synthetic: optional(mark),
  },
  outcomes: {
    unit,
    metric: name,
    atMs: time,
    value: figure,
    flag: optional(name),
    lastAtMs: optional(time),
    values: optional(trackedValues),
    synthetic: optional(mark),
  },
  activity: {
    flag: name,
    rollout: name,
    stage,
    arm,
    version: count,
    count,
    lastAtMs: time,
    synthetic: optional(mark),
  },
};

/** The first thing that makes a value no report; undefined for a report. Members unknown here are left alone. */
export function reportProblem(report: unknown): ShapeProblem | undefined {
  return (
    problemOf(report, REPORT, '') ??
    problemOf((report as { dropped?: unknown }).dropped, DROPPED, '/dropped') ??
    listProblem(report as Readonly<Record<string, unknown>>) ??
    trafficProblem((report as { traffic?: unknown }).traffic)
  );
}

function trafficProblem(traffic: unknown): ShapeProblem | undefined {
  if (traffic === undefined) return undefined;
  const { metrics } = (traffic ?? {}) as { metrics?: unknown };
  const problem = problemOf(traffic, TRAFFIC, '/traffic') ?? problemOf(metrics, {}, METRICS);
  if (problem !== undefined) return problem;
  const entries = Object.entries(metrics as object);
  if (entries.length > MAX_TRAFFIC_METRICS) {
    return { path: METRICS, message: `at most ${MAX_TRAFFIC_METRICS} metrics are accepted` };
  }
  for (const [metric, value] of entries) {
    const unnamed = name(metric);
    if (unnamed !== undefined)
      return { path: METRICS, message: `as a name ${unnamed} is accepted` };
    const wrong = problemOf(value, TRAFFIC_METRIC, `${METRICS}/${pointerToken(metric)}`);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** Escaped as RFC 6901 asks. */
function pointerToken(member: string): string {
  return member.replaceAll('~', '~0').replaceAll('/', '~1');
}

function listProblem(report: Readonly<Record<string, unknown>>): ShapeProblem | undefined {
  for (const list of ['exposures', 'outcomes', 'activity'] as const) {
    const items = report[list];
    const path = `/${list}`;
    if (!Array.isArray(items)) return { path, message: 'a list is accepted' };
    if (items.length > REPORT_BOUNDS[list]) {
      return { path, message: `at most ${REPORT_BOUNDS[list]} items are accepted` };
    }
    for (const [index, item] of items.entries()) {
      const problem = problemOf(item, ITEMS[list], `${path}/${index}`);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

function problemOf(value: unknown, shape: Shape, path: string): ShapeProblem | undefined {
  if (typeof value !== 'object' || value === null) {
    return { path, message: 'an object is accepted' };
  }
  for (const member in shape) {
    const accepted = shape[member]?.((value as Readonly<Record<string, unknown>>)[member]);
    if (accepted !== undefined) {
      return { path: `${path}/${member}`, message: `${accepted} is accepted` };
    }
  }
  return undefined;
}
