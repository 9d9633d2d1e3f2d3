import { notFresh } from '../evidence/sources.ts';
import { isTooLate } from '../evidence/late.ts';
import type { Evidence, WholeThreshold } from '../evidence/types.ts';
import { harmSentences } from './source-sentences.ts';
import { sliceSentences, totalsSentences } from './slice-sentences.ts';
import { contextSentences } from './context-sentences.ts';
import { judgingFailed } from './fault.ts';
import { hypothesesOf } from '../telemetry/rollout/hypotheses.ts';
import type { Plan } from '../plan/types.ts';
import type { ControllerInput } from './types.ts';

/** Instances that a sentence names; the evidence has them all. */
const NAMED = 10;

/** What the evidence says and what it cannot say, in plain words; for people and for the log. */
export function sentencesOf(input: ControllerInput): string[] {
  const { rollout, evidence } = input;
  const sentences = faultSentences(input);
  if (rollout.unguarded) {
    sentences.push('This plan has no guardrails: it advances by its bakes alone, unguarded.');
  }
  if (evidence === undefined) return sentences;
  if (rollout.stage >= 0) sentences.push(...totalsSentences(evidence), ...sliceSentences(evidence));
  sentences.push(...sourceSentences(evidence));
  sentences.push(...contextSentences(evidence), ...wholeStageSentences(evidence, rollout.plan));
  sentences.push(...harmSentences(evidence), ...limitSentences(evidence));
  sentences.push(...syntheticSentences(evidence));
  if (isTooLate(evidence)) sentences.push(lateText(evidence));
  return sentences;
}

/** What is missing in all that follows, because it could not be read. */
function faultSentences(input: ControllerInput): string[] {
  const { fault } = input;
  if (fault === undefined) return [];
  const failed = judgingFailed(input);
  if (failed !== undefined) return [failed.text];
  const rows = fault.rows === 1 ? 'A row' : `${fault.rows} rows`;
  return [
    `${rows} of earlier telemetry could not be read (${fault.text}): the figures are without it.`,
  ];
}

/** What cannot be known where requests are counted. */
function sourceSentences({ sources, byRequest }: Evidence): string[] {
  if (sources.length === 0) return [];
  const names = sources.map(({ metric, type }) => `${metric} (${type})`).join(', ');
  const sentences = [`Approximate, by request: ${names}. Distinct users are not known there.`];
  if (byRequest) {
    sentences.push('Whether the arms are a fair sample cannot be checked: requests are not drawn.');
  }
  return [...sentences, ...notFresh(sources).map(({ text }) => text ?? '')];
}

/** What telemetry is late, and what that means. */
export function lateText({ late, lateShare }: Evidence): string {
  const instances = late.filter((name) => name.includes('/'));
  const services = late.filter((name) => !name.includes('/'));
  const parts: string[] = [];
  if (services.length > 0) parts.push(`No instance is left to report of ${services.join(', ')}.`);
  if (instances.length > 0) {
    const names = instances.slice(0, NAMED).join(', ');
    const others = instances.length - NAMED;
    parts.push(`Reports are overdue of ${names}${others > 0 ? ` and ${others} more` : ''}.`);
  }
  if (parts.length > 0) parts.push('What is missing may be harm, so it counts for no step up.');
  else {
    parts.push(
      `${percent(lateShare)} of the outcomes of this stage came after their unit had been counted without them.`,
    );
  }
  return parts.join(' ');
}

function wholeStageSentences({ wholeStage, totals }: Evidence, plan: Plan): string[] {
  if (wholeStage === undefined) return [];
  const byRequest = new Set(
    totals.filter(({ kind }) => kind === 'requests').map(({ hypothesis }) => hypothesis),
  );
  return [
    'Everyone is in treatment, so there is no control to compare with: the stage is held against ' +
      'what was seen before the raise and what a rate does by itself. No error rate is claimed for it.',
    ...wholeStage.thresholds.map((each) =>
      thresholdText(each, byRequest.has(each.hypothesis) ? 'requests' : 'units'),
    ),
    ...meansOf(plan).map(
      (metric) =>
        `${metric}: a mean has no threshold without a control; nothing is said of it here.`,
    ),
  ];
}

/** Guardrails that only a comparison can judge. */
function meansOf(plan: Plan): string[] {
  const means = hypothesesOf(plan).filter(
    ({ role, kind }) => role === 'guardrail' && kind === 'mean',
  );
  return [...new Set(means.map(({ metric }) => metric))];
}

function thresholdText(threshold: WholeThreshold, counted: string): string {
  const { hypothesis, units, bad, limit, limitFrom, reference } = threshold;
  const before = `${reference.bad} of ${reference.units} ${counted} were bad in ${reference.of === 'control' ? 'control before the raise' : 'the baseline'}`;
  // Of nothing everything would be ordinary.
  if (units === 0) return `${hypothesis}: ${before}; nothing is counted since.`;
  const by =
    limitFrom === 'earlierDays' ? 'by the same hours of earlier days' : 'by the time since';
  return `${hypothesis}: ${before}; ${bad} of ${units} are in the last five batches, and ${percent(limit)} would still be ordinary ${by}.`;
}

function limitSentences({ measuredShare, dropped, lostInstances, quiet }: Evidence): string[] {
  const sentences: string[] = [];
  if (measuredShare < 1) {
    sentences.push(
      `There are too many units to keep: a fixed slice of ${percent(measuredShare)} of them is measured, so what few units do is found that much later.`,
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
  } else if (lostInstances.names.length > 0) {
    sentences.push(`Silent without a goodbye: ${lostInstances.names.join(', ')}.`);
  }
  if (dropped.lateOutcomes > 0) {
    sentences.push(`${dropped.lateOutcomes} outcomes came too late for any horizon of their unit.`);
  }
  if (quiet.length > 0) sentences.push(`Nothing was heard lately of: ${quiet.join(', ')}.`);
  return sentences;
}

function syntheticSentences({ synthetic }: Evidence): string[] {
  const parts = (['treatment', 'control'] as const).flatMap((arm) => {
    const stages = synthetic.filter(({ stage }) => stage >= 0).map((each) => each[arm]);
    const units = stages.reduce((sum, each) => sum + each.units, 0);
    const bad = stages.reduce((sum, each) => sum + each.bad, 0);
    return units === 0 ? [] : [`${bad} of ${units} units of ${arm} failed`];
  });
  return parts.length === 0 ? [] : [`Synthetic, measured apart: ${parts.join(', ')}.`];
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}
