import type { TotalsAssessment } from './assessment.ts';
import { meanSentence } from './mean/mean-sentence.ts';
import { requestsSentence } from './requests/requests-sentence.ts';
import { shareSentence } from './share/share-sentence.ts';

/** One plain sentence with the figures it was made from. */
export interface Sentence {
  readonly hypothesis: string;
  readonly text: string;
  /** By request: distinct units are not known. */
  readonly approximate: boolean;
  readonly totals: TotalsAssessment;
}

/** What the evidence over all stages says, for a release owner: one sentence per hypothesis and slice. */
export function explain(totals: readonly TotalsAssessment[]): Sentence[] {
  return totals
    .filter(({ stage }) => stage === -1)
    .map((each) => ({
      hypothesis: each.hypothesis,
      text: `${nameOf(each)}: ${sentence(each)}`,
      approximate: each.kind === 'requests',
      totals: each,
    }));
}

/** `http.error_rate@60000`; of a slice `http.error_rate@60000 on platform=ios`. */
function nameOf({ hypothesis, slice }: TotalsAssessment): string {
  if (slice === undefined) return hypothesis;
  return `${slice.hypothesis} on ${slice.dimension}=${slice.value}`;
}

function sentence(totals: TotalsAssessment): string {
  switch (totals.kind) {
    case 'share':
      return shareSentence(totals);
    case 'mean':
      return meanSentence(totals);
    case 'requests':
      return requestsSentence(totals);
  }
}
