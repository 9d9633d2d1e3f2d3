import { explain } from '@downhaul/judge';
import type { Evidence } from '../evidence/types.ts';
import type { ControllerInput } from './types.ts';

/** What the evidence says and what it cannot say, in plain words; for people and for the log. */
export function sentencesOf({ rollout, evidence }: ControllerInput): string[] {
  const sentences: string[] = [];
  if (rollout.unguarded) {
    sentences.push('This plan has no guardrails: it advances by its bakes alone, unguarded.');
  }
  if (evidence === undefined) return sentences;
  if (rollout.stage >= 0) sentences.push(...explain(evidence.assessment).map(({ text }) => text));
  sentences.push(...wholeStageSentences(evidence), ...limitSentences(evidence));
  return sentences;
}

function wholeStageSentences({ wholeStage }: Evidence): string[] {
  if (wholeStage === undefined) return [];
  return [
    'Everyone is in treatment, so there is no control to compare with: the stage is held against ' +
      'the recorded baseline by a threshold. No error rate is claimed for it.',
    ...wholeStage.thresholds.map(
      ({ hypothesis, units, bad, limit }) =>
        `${hypothesis}: ${bad} of ${units} units in the last ${wholeStage.batches} batches are bad; the threshold is ${(limit * 100).toFixed(2)} %.`,
    ),
  ];
}

function limitSentences({ measuredShare, dropped, lostInstances, quiet }: Evidence): string[] {
  const sentences: string[] = [];
  if (measuredShare < 1) {
    sentences.push(
      `There are too many units to keep: a fixed slice of ${percent(measuredShare)} of them is measured.`,
    );
  }
  if (dropped.secondArm > 0) {
    sentences.push(
      `${dropped.secondArm} units were seen in both arms of a stage; the first one counts.`,
    );
  }
  if (dropped.impossibleArm > 0) {
    sentences.push(
      `${dropped.impossibleArm} exposures named an arm that their version did not have.`,
    );
  }
  if (lostInstances.excess) {
    sentences.push(
      `${lostInstances.names.length} instances vanished without goodbye where ${lostInstances.expected.toFixed(1)} were to be expected; instances serve both arms, so this is shared: ${lostInstances.names.join(', ')}.`,
    );
  }
  if (quiet.length > 0) sentences.push(`Nothing was heard lately of: ${quiet.join(', ')}.`);
  return sentences;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
