import { type MeanFigures, type MeanMargin, sampleVariance } from '@downhaul/judge';
import type { Guardrail } from '../plan/types.ts';
import type { FrozenHypothesis } from '../rollout/types.ts';
import type { Hypothesis } from '../telemetry/rollout/hypotheses.ts';
import type { RolloutTelemetry } from '../telemetry/rollout/types.ts';
import { baselineMean } from './baseline.ts';

/** Quantile of the standard normal at 99 %. */
const Z = 2.3263478740408408;

/**
 * What is frozen for a mean, in the metric's unit:
 * - the margin, m_T <= m_C + relative |m_C| + absolute where higher is worse, m_T >= m_C - relative |m_C| -
 *   absolute where lower is worse; the next stage's is the same, for units of harm are no units of a mean;
 * - the standard error at which evidence is sharpest: a third of what the margin tolerates at the
 *   baseline's mean, where a difference of one margin is about decided (docs/judge-methods.md, «Means»).
 * Undefined without a baseline, or where the margin tolerates nothing at its mean: nothing tells then how
 * finely to look, and a stage without figures does not advance.
 */
export function freezeMean(
  telemetry: RolloutTelemetry,
  hypothesis: Hypothesis,
  { guardrail, units }: { readonly guardrail: Guardrail; readonly units: number },
): FrozenHypothesis | undefined {
  const baseline = baselineMean(telemetry, hypothesis);
  const margin = marginOf(guardrail);
  const tolerated = margin.relative * Math.abs(baseline.mean) + margin.absolute;
  const standardError = tolerated / 3;
  const tells = standardError > 0 && Number.isFinite(standardError);
  if (baseline.count < 2 || !tells) return undefined;
  const sign = margin.worse === 'higher' ? 1 : -1;
  const error = Math.sqrt(sampleVariance(baseline) / baseline.count);
  const figures: MeanFigures = { margin, standardError };
  const towards = baseline.mean < 0 ? -sign : sign;
  const asNull = { ratio: 1 + towards * margin.relative, excess: sign * margin.absolute };
  return {
    baselineRate: baseline.mean,
    baselineUnits: baseline.count,
    baselineUpper: baseline.mean + sign * Z * error,
    harmNull: asNull,
    nonInferiorityNull: asNull,
    mean: { harm: figures, nonInferiority: figures },
    harmBound: units * tolerated,
  };
}

function marginOf({ margin, worse = 'higher' }: Guardrail): MeanMargin {
  return { relative: margin.relative, absolute: margin.absolute, worse };
}
