import { tellsArms } from '../../source/query.ts';
import type { CountedMetric, CountedState } from './state.ts';
import type { RolloutTelemetry } from '../rollout/types.ts';

type Judged = Pick<RolloutTelemetry, 'hypotheses' | 'counted'>;

/** Whether anything is judged by units, as our SDK or OTLP tells of them. */
export function judgesUnits({ hypotheses }: Judged): boolean {
  return hypotheses.some(({ byRequest }) => byRequest === undefined);
}

/** Whether guardrails are there, and all of them are counted by request: no unit needs to be known then. */
export function judgesRequestsAlone({ hypotheses, counted }: Judged): boolean {
  const guardrails = hypotheses.filter(({ role }) => role === 'guardrail');
  return counted.metrics.length > 0 && guardrails.every(({ byRequest }) => byRequest !== undefined);
}

/** The counted metrics that tell the arms apart; all of them where none does. */
export function armMetrics({ metrics }: CountedState): readonly CountedMetric[] {
  const comparing = metrics.filter(({ source }) => tellsArms(source));
  return comparing.length > 0 ? comparing : metrics;
}

/** Whether processes that tell by OTLP are waited for. */
export function judgesOtlp({ counted }: Judged): boolean {
  return counted.metrics.some(({ source }) => source.type === 'otlp');
}
