import type { RateEvidence } from '../counts/rate-evidence.ts';
import type { LogRateRatio } from '../counts/two-sided.ts';
import { certaintyText, figureText } from './figures.ts';

/** What the evidence on a rate of events says, in a sentence; with the ratio's interval where there is one. */
export function explainRate(
  evidence: RateEvidence,
  metric: { readonly name: string; readonly claim: 'harm' | 'nonInferiority' },
  ratio?: LogRateRatio,
): string {
  const certainty = certaintyText(evidence.limit);
  const outcome =
    metric.claim === 'harm'
      ? evidence.refuted
        ? `treatment has more of them with ${certainty} certainty`
        : 'harm is not shown yet'
      : evidence.refuted
        ? `treatment does not have more than the margin allows with ${certainty} certainty`
        : 'that it stays within the margin is not shown yet';
  const form =
    evidence.form === 'batchMeans'
      ? '; events come in clusters, so only the spread between batches is believed'
      : '';
  return `${metric.name}: ${outcome}${ratioText(ratio)}${form}`;
}

function ratioText(ratio: LogRateRatio | undefined): string {
  if (ratio === undefined || ratio.estimate === null) return '';
  const [estimate, lower, upper] = [ratio.estimate, ratio.lower, ratio.upper].map((log) =>
    figureText(Math.exp(log)),
  );
  return `; ${estimate} times as often as control (${lower} to ${upper})`;
}
