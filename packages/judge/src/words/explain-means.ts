import type { MeanEvidence } from '../continuous/judge-means.ts';
import { certaintyText, figureText } from './figures.ts';

/** What a mean's evidence says, in a sentence. `unit` is the metric's, such as `ms`. */
export function explainMeans(
  evidence: MeanEvidence,
  metric: {
    readonly name: string;
    readonly unit: string;
    readonly claim: 'harm' | 'nonInferiority';
  },
): string {
  const { beyondMargin, standardError, limit } = evidence;
  if (beyondMargin === null || standardError === null) {
    return `${metric.name}: not enough units in both arms yet`;
  }
  const off = `${figureText(Math.abs(beyondMargin))} ${metric.unit}`;
  const where = beyondMargin > 0 ? `${off} beyond its margin` : `${off} within its margin`;
  const give = `give or take ${figureText(standardError)} ${metric.unit}`;
  const roughly = evidence.approximate
    ? ' (approximate: spread estimated between groups of units)'
    : '';
  return `${metric.name}: treatment is ${where}, ${give}; ${conclusion()}${roughly}`;

  function conclusion(): string {
    const [shown, open] =
      metric.claim === 'harm'
        ? ['it is worse', 'harm is not shown']
        : [
            'it is not worse than the margin allows',
            'that it stays within the margin is not shown',
          ];
    return evidence.refuted ? `${shown} with ${certaintyText(limit)} certainty` : `${open} yet`;
  }
}
