import type { DetectorAssessment } from '../detector/detector.ts';
import { durationText, figureText } from './figures.ts';

/** What the watch after completion says, in a sentence. */
export function explainWatch(assessment: DetectorAssessment, batchMs: number): string {
  const apart = `${figureText(Math.exp(assessment.limit))} steps`;
  if (!assessment.alarm || assessment.beganBatchesAgo === null) {
    return `no worsening is shown; false alarms are at least ${apart} apart on average`;
  }
  const began = durationText(assessment.beganBatchesAgo * batchMs);
  return `it got worse about ${began} ago; a false alarm like this comes at most every ${apart} on average`;
}
