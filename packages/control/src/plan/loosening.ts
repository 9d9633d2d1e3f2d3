import { sameJson } from '../document/same-json.ts';
import { sameSlices } from './slices.ts';
import { PLAN_DEFAULTS } from './defaults.ts';
import type { Guardrail, Plan, Stage, WatchPlan } from './types.ts';

/** What may not change while a rollout goes on, and where it stands in the plan. */
interface Loosening {
  readonly what: string;
  readonly path: string;
}

/** The first difference between two plans that is more than a tightening; undefined if there is none. */
export function loosening(before: Plan, after: Plan): Loosening | undefined {
  return (
    fixedPart(before, after) ??
    stagesPart(before.stages, after.stages) ??
    guardrailsPart(before, after, 'guardrails') ??
    guardrailsPart(before, after, 'signals') ??
    contextPart(before, after) ??
    limitsPart(before, after)
  );
}

type PlanPart = Exclude<keyof Plan, 'key' | 'stages' | 'guardrails' | 'signals' | 'slices'>;

/** Parts in which any difference is another experiment, or takes care away. */
const FIXED: readonly PlanPart[] = [
  'unit',
  'baselineMs',
  'success',
  'reactionTimeMs',
  'batchMs',
  'horizonsMs',
  'holdbackPerMillion',
  'whenBlind',
  'alphaHarm',
  'alphaNonInferiority',
  'alphaSrm',
  'proof',
  'metrics',
];

function fixedPart(before: Plan, after: Plan): Loosening | undefined {
  const part = FIXED.find((name) => !sameJson(before[name], after[name]));
  if (part !== undefined) return { what: `\`${part}\``, path: `/${part}` };
  return sameSlices(before, after) ? undefined : { what: '`slices`', path: '/slices' };
}

function stagesPart(before: readonly Stage[], after: readonly Stage[]): Loosening | undefined {
  if (before.length !== after.length) return { what: 'The number of stages', path: '/stages' };
  for (const [index, stage] of before.entries()) {
    const next = after[index]!;
    const path = `/stages/${index}`;
    const which = `of stage ${index + 1}`;
    if (!sameJson(stage.allocations, next.allocations))
      return { what: `The audience ${which}`, path };
    if (next.bakeMs < stage.bakeMs) return { what: `The bake ${which}`, path };
    if (next.minimumSample < stage.minimumSample) return { what: `The sample ${which}`, path };
  }
  return undefined;
}

function guardrailsPart(
  before: Plan,
  after: Plan,
  list: 'guardrails' | 'signals',
): Loosening | undefined {
  const path = `/${list}`;
  if (before[list].length !== after[list].length) return { what: `The number of ${list}`, path };
  const index = before[list].findIndex(
    (guardrail, at) => !isTightened(guardrail, after[list][at]!),
  );
  if (index < 0) return undefined;
  return { what: `The margin of ${before[list][index]!.metric}`, path: `${path}/${index}` };
}

function isTightened(before: Guardrail, after: Guardrail): boolean {
  const { margin: old, budget: oldBudget, ...rest } = before;
  const { margin, budget, ...restAfter } = after;
  return (
    sameJson(rest, restAfter) &&
    margin.relative <= old.relative &&
    margin.absolute <= old.absolute &&
    isBudgetTightened(oldBudget, budget)
  );
}

/** A budget where there was none, or a higher objective over the same window, answered no more mildly. */
function isBudgetTightened(before: Guardrail['budget'], after: Guardrail['budget']): boolean {
  if (before === undefined) return true;
  if (after === undefined) return false;
  const milder = before.then === 'rollback' && after.then === 'hold';
  return after.windowMs === before.windowMs && after.objective >= before.objective && !milder;
}

/** What is shared may be answered more sharply; the watch may last longer and be more easily alarmed. */
function contextPart(before: Plan, after: Plan): Loosening | undefined {
  if (before.whenShared?.then !== 'hold' && after.whenShared?.then === 'hold') {
    return { what: 'What a shared worsening does', path: '/whenShared' };
  }
  return isWatchTightened(before.watch, after.watch)
    ? undefined
    : { what: 'The watch after completion', path: '/watch' };
}

function isWatchTightened(before: WatchPlan | undefined, after: WatchPlan | undefined): boolean {
  const usual = PLAN_DEFAULTS.watch.falseAlarmEveryMs;
  if ((after?.falseAlarmEveryMs ?? usual) > (before?.falseAlarmEveryMs ?? usual)) return false;
  const isNoShorter = (part: 'untilMs' | 'forMs') => {
    const [old, next] = [before?.[part], after?.[part]];
    return next === undefined || (old !== undefined && next >= old);
  };
  return isNoShorter('untilMs') && isNoShorter('forMs');
}

function limitsPart(before: Plan, after: Plan): Loosening | undefined {
  if (after.harmBudget > before.harmBudget) return { what: 'The harm budget', path: '/harmBudget' };
  const old = before.whenStageTooLong;
  const { afterMs, then } = after.whenStageTooLong;
  const milder = old.then === 'rollback' && then === 'pause';
  if (afterMs <= old.afterMs && !milder) return undefined;
  return { what: 'How long a stage may take', path: '/whenStageTooLong' };
}
