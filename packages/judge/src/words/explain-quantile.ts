import type { QuantileEvidence } from '../quantile/compare-quantiles.ts';
import type { QuantileInterval } from '../quantile/quantile-interval.ts';
import { certaintyText, figureText, percentText } from './figures.ts';

/** What a comparison of a quantile says, in a sentence. */
export function explainQuantile(
  evidence: QuantileEvidence,
  compared: {
    readonly quantile: number;
    readonly relativeMargin: number;
    readonly claim: 'harm' | 'nonInferiority' | 'difference';
    readonly treatment: QuantileInterval | null;
    readonly control: QuantileInterval | null;
  },
): string {
  const name = `p${figureText(compared.quantile * 100)}`;
  const arms = `${name} is ${rangeText(compared.treatment)} in treatment, ${rangeText(compared.control)} in control`;
  return `${arms}; ${conclusion(evidence, compared)}`;
}

function rangeText(interval: QuantileInterval | null): string {
  if (interval === null) return 'not known';
  const upper =
    interval.upperMs === Infinity ? 'no upper bound yet' : `${figureText(interval.upperMs)} ms`;
  const range = `${figureText(interval.lowerMs)} ms to ${upper}`;
  return `${figureText(interval.estimateMs)} ms (${range})`;
}

function conclusion(
  evidence: QuantileEvidence,
  { claim, relativeMargin }: { claim: string; relativeMargin: number },
): string {
  const margin = relativeMargin === 0 ? '' : ` by more than ${percentText(relativeMargin)}`;
  const shown =
    claim === 'harm'
      ? `treatment is slower${margin}`
      : claim === 'nonInferiority'
        ? `treatment is not slower${margin}`
        : `the arms differ${margin}`;
  return evidence.refuted
    ? `${shown} with ${certaintyText(evidence.limit)} certainty`
    : `not shown yet: ${shown}`;
}
