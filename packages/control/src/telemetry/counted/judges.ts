import type { RolloutTelemetry } from '../rollout/types.ts';

type Judged = Pick<RolloutTelemetry, 'hypotheses' | 'counted'>;

/** Whether anything is judged by units, as our SDK or OTLP tells of them. */
export function judgesUnits({ hypotheses }: Judged): boolean {
  return hypotheses.some(({ byRequest }) => byRequest === undefined);
}

/** Whether guardrails are there, and all of them are counted by request: no unit needs to be known then. */
export function judgesRequestsAlone({ hypotheses }: Judged): boolean {
  const guardrails = hypotheses.filter(({ role }) => role === 'guardrail');
  return guardrails.length > 0 && guardrails.every(({ byRequest }) => byRequest !== undefined);
}

/** Whether processes that tell by OTLP are waited for. */
export function judgesOtlp({ counted }: Judged): boolean {
  return counted.metrics.some(({ source }) => source.type === 'otlp');
}
