import type { Evidence, RolloutTelemetry } from '@downhaul/control';
import type { Static } from 'typebox';
import type { ContextSchema } from '../http/schema/context.ts';

/** Whose fault it is, budgets, watch and what was recorded at the start, for a person who watches. */
export function viewContext(
  telemetry: RolloutTelemetry,
  { attribution, budgets, watch, wholeStage }: Evidence,
): Static<typeof ContextSchema> {
  return {
    ...(attribution === undefined
      ? {}
      : {
          attribution: {
            attribution: attribution.attribution,
            hypotheses: attribution.hypotheses.map((each) => ({ ...each })),
          },
        }),
    budgets: (budgets ?? []).map((budget) => ({ ...budget, services: [...budget.services] })),
    ...(watch === undefined
      ? {}
      : {
          watch: {
            ...watch,
            guardrails: watch.guardrails.map((each) => ({ ...each })),
            alarms: [...watch.alarms],
          },
        }),
    ...(wholeStage === undefined
      ? {}
      : {
          wholeStage: {
            batches: wholeStage.batches,
            thresholds: wholeStage.thresholds.map((each) => ({ ...each })),
            raised: [...wholeStage.raised],
            lasting: [...wholeStage.lasting],
            exceeded: [...wholeStage.exceeded],
          },
        }),
    earlierDays: Object.entries(telemetry.context.earlier).map(([metric, earlier]) => ({
      metric,
      services: [...earlier.services],
      spread: earlier.spread,
      hours: earlier.hours.flatMap((hour, index) =>
        hour === null ? [] : [{ hour: index, days: hour.days, rate: Math.exp(hour.logRate) }],
      ),
    })),
  };
}
