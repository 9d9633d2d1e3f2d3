import type { RehearsalReport } from '../result/types.ts';
import type { ServiceModel } from '../service/types.ts';
import type { RehearsalRecord } from './types.ts';

/** What is recorded of a report. */
export function recordOf(
  report: RehearsalReport,
  place: { readonly environment: string; readonly flag?: string },
): RehearsalRecord {
  const { plan, judgeVersion, seed, runs, service, scenarios } = report;
  return {
    ...place,
    ...{ plan, judgeVersion, seed, runs },
    unitsPerSecond: service.unitsPerSecond.value,
    assumed: assumedOf(service),
    scenarios: scenarios.map((summary) => ({
      scenario: summary.scenario,
      truth: summary.truth,
      demanded: summary.demanded,
      runs: summary.runs,
      rolledBack: summary.rolledBack.count,
      reachedLast: summary.reachedLast.count,
      completed: summary.completed.count,
      ...(summary.harmedUnits === undefined
        ? {}
        : { harmedUnits: { p50: summary.harmedUnits.p50, p90: summary.harmedUnits.p90 } }),
    })),
  };
}

/** Names of the figures that a service model assumes. */
export function assumedOf(service: ServiceModel): string[] {
  const { rates, latency, unitsPerSecond, returningShare } = service;
  return [
    ...(unitsPerSecond.known === 'assumed' ? ['traffic'] : []),
    ...Object.entries(rates).flatMap(([metric, { known }]) => (known === 'assumed' ? metric : [])),
    ...(latency.known === 'assumed' ? ['latency'] : []),
    ...(returningShare.known === 'assumed' ? ['returning users'] : []),
  ];
}
