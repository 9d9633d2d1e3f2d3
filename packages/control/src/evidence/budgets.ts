import { type BurnRate, errorBudget, type EventCounts } from '@downhaul/judge';
import { durationText } from '../check/duration-text.ts';
import type { BudgetPlan, Guardrail } from '../plan/types.ts';
import {
  COARSE_SLOT_MS,
  FINE_KEPT_MS,
  FINE_SLOT_MS,
  slotsBetween,
} from '../telemetry/hours/note-hours.ts';
import type { EnvironmentHours } from '../telemetry/hours/types.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import type { BudgetEvidence } from './types.ts';

/**
 * The error budgets of a plan's guardrails over the history of the services that the flag affects, or of all
 * where it names none. By request. With less history than the shortest pair of windows needs, or none of
 * the metric, the state is `unknown`: it neither fires nor is it healthy.
 */
export function budgetEvidence(
  { rollout, affects }: RolloutTelemetry,
  hours: EnvironmentHours,
  nowMs: number,
): BudgetEvidence[] {
  const services = [...hours.keys()].filter(
    (service) => affects.length === 0 || affects.includes(service),
  );
  return rollout.plan.guardrails.flatMap(({ metric, budget }) =>
    budget === undefined
      ? []
      : [
          assessed(
            { metric, budget, services },
            countsOf(hours, { metric, services, nowMs }),
            nowMs,
          ),
        ],
  );
}

interface Budgeted extends Pick<Guardrail, 'metric'> {
  readonly budget: BudgetPlan;
  readonly services: readonly string[];
}

function assessed(
  { metric, budget, services }: Budgeted,
  counts: readonly EventCounts[],
  nowMs: number,
): BudgetEvidence {
  const { objective: target, windowMs } = budget;
  const about = { metric, ...budget, services };
  const firstMs = Math.min(...counts.map(({ endMs }) => endMs)) - FINE_SLOT_MS;
  const knownMs = counts.length === 0 ? 0 : Math.min(windowMs, Math.max(1, nowMs - firstMs));
  const { burnRates, bad, allowed } = errorBudget({
    objective: { target, windowMs },
    counts,
    nowMs,
    batchMs: FINE_SLOT_MS,
  });
  const known = burnRates.filter(({ longMs }) => longMs <= knownMs);
  const [fast] = known;
  if (fast === undefined || allowed === 0) {
    const text = `The error budget of ${metric} is not known yet: ${durationText(knownMs)} of history are too little. It neither fires nor is it healthy.`;
    return { ...about, state: 'unknown', knownMs, spent: null, exhaustedInMs: null, text };
  }
  // What the whole window allows, if its traffic is as it was while it is known.
  const spent = bad / (allowed * (windowMs / knownMs));
  const exhaustedInMs = spent < 1 && fast.long ? ((1 - spent) / fast.long) * windowMs : null;
  const firing = known.filter((rate) => rate.firing && rate.severity === 'page');
  const state = spent >= 1 ? 'burnt' : firing.length > 0 ? 'burning' : 'left';
  const text = textOf({ ...about, spent, exhaustedInMs, firing });
  return { ...about, state, knownMs, spent, exhaustedInMs, text };
}

function textOf(of: {
  readonly metric: string;
  readonly windowMs: number;
  readonly spent: number;
  readonly exhaustedInMs: number | null;
  readonly firing: readonly BurnRate[];
}): string {
  const parts = [
    `The error budget of ${durationText(of.windowMs)} of ${of.metric} is ${Math.round(of.spent * 100)} % spent`,
    ...of.firing.map(
      ({ long, longMs }) =>
        `it burns ${Number((long ?? 0).toPrecision(2))} times as fast as allowed over ${durationText(longMs)}`,
    ),
    ...(of.firing.length > 0 && of.exhaustedInMs !== null
      ? [`at this rate it is gone in ${durationText(of.exhaustedInMs)}`]
      : []),
  ];
  return `${parts.join('; ')}.`;
}

/** Five minutes where they are kept, hours before. */
function countsOf(
  hours: EnvironmentHours,
  at: { readonly metric: string; readonly services: readonly string[]; readonly nowMs: number },
): EventCounts[] {
  const fineFromMs =
    Math.ceil((at.nowMs - FINE_KEPT_MS + COARSE_SLOT_MS) / COARSE_SLOT_MS) * COARSE_SLOT_MS;
  return at.services.flatMap((service) => {
    const series = hours.get(service)?.get(at.metric);
    if (series === undefined) return [];
    const counted = (slots: readonly number[], [fromMs, toMs, slotMs]: [number, number, number]) =>
      slotsBetween(slots, fromMs, toMs).map(({ startMs, count, bad }) => ({
        endMs: Math.min(startMs + slotMs, at.nowMs),
        total: count,
        bad: Math.min(count, bad),
      }));
    return [
      ...counted(series.coarse, [0, fineFromMs, COARSE_SLOT_MS]),
      ...counted(series.fine, [fineFromMs, at.nowMs, FINE_SLOT_MS]),
    ];
  });
}
