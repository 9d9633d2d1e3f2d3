import {
  type Figure,
  planDigest,
  type RehearsalReport,
  type ServiceModel,
  type Suggestion,
  writePlanDocument,
} from '@downhaul/control';
import type { Static } from 'typebox';
import type { RehearsalReportSchema } from '../http/schema/rehearsal.ts';

/** A report as the API and the command line give it. */
export type ReportJson = Static<typeof RehearsalReportSchema>;

export function reportJson(report: RehearsalReport): ReportJson {
  const { plan, judgeVersion, seed, runs, service } = report;
  return {
    plan: plan.key,
    digest: planDigest(plan),
    ...{ judgeVersion, seed, runs },
    harmBudget: plan.harmBudget,
    figures: figuresOf(service),
    scenarios: report.scenarios.map((each) => ({ ...each, stages: [...each.stages] })),
    findings: [...report.findings],
    suggestions: report.suggestions.map(suggestionJson),
    notModelled: [...report.notModelled],
  };
}

function figuresOf(service: ServiceModel): ReportJson['figures'] {
  const named = (name: string, { value, known }: Figure) => ({ name, value, known });
  const { graceMs, delayMs } = service.timing;
  return [
    named('unitsPerSecond', service.unitsPerSecond),
    named('daySwing', service.daySwing),
    named('returningShare', service.returningShare),
    named('audienceShare', service.audienceShare),
    ...Object.entries(service.rates).map(([metric, figure]) => named(`rate of ${metric}`, figure)),
    { name: 'latency', value: null, known: service.latency.known },
    { name: 'graceMs', value: graceMs, known: 'given' as const },
    { name: 'delayMs', value: delayMs, known: 'assumed' as const },
  ];
}

function suggestionJson({ change, text, plan, tried }: Suggestion) {
  return {
    change,
    text,
    document: { ...(writePlanDocument(plan) as Record<string, unknown>) },
    tried: tried.map(({ before, after }) => ({
      scenario: before.scenario,
      before: {
        completed: before.completed,
        rolledBack: before.rolledBack,
        reachedLast: before.reachedLast,
      },
      after: {
        completed: after.completed,
        rolledBack: after.rolledBack,
        reachedLast: after.reachedLast,
      },
    })),
  };
}
