import { isOf } from '../command/evidence-outdated.ts';
import { withLazy } from '../evidence/lazy.ts';
import { basisOf } from './evidence-summary.ts';
import { sentencesOf } from './sentences.ts';
import { advance } from './steps/advance.ts';
import { budget } from './steps/budget.ts';
import { complete } from './steps/complete.ts';
import { fault } from './steps/fault.ts';
import { flagDown } from './steps/flag-down.ts';
import { harm } from './steps/harm.ts';
import { hold } from './steps/hold.ts';
import { measure } from './steps/measure.ts';
import { oneSided } from './steps/one-sided.ts';
import { paused } from './steps/paused.ts';
import { release } from './steps/release.ts';
import { shared } from './steps/shared.ts';
import { settled } from './steps/settled.ts';
import { signalHarm } from './steps/signal-harm.ts';
import { tooLong } from './steps/too-long.ts';
import { watch } from './steps/watch.ts';
import { watchAlarm } from './steps/watch-alarm.ts';
import { wholeStage } from './steps/whole-stage.ts';
import type { ControllerInput, ControllerStep, Step } from './types.ts';

/** The order is the policy: whatever could take a feature down stands before whatever could raise it. */
const STEPS: readonly Step[] = [
  settled,
  harm,
  fault,
  shared,
  wholeStage,
  watchAlarm,
  budget,
  oneSided,
  signalHarm,
  flagDown,
  hold,
  release,
  paused,
  watch,
  measure,
  advance,
  complete,
  tooLong,
];

/**
 * The next step of a rollout: the first of the ordered list that has something to say. Pure: the same
 * input gives the same step. It never ships because nothing was seen (invariants 4 and 5). On evidence of
 * another stage than the rollout's it takes the way down alone; what else there is to do waits.
 */
export function next(input: ControllerInput): ControllerStep {
  const step = firstStep(input);
  const taken = isOutdated(input) && step.command?.type !== 'rollbackRollout' ? OUTDATED : step;
  return withLazy(taken, { sentences: () => sentencesOf(input) });
}

const OUTDATED = {
  step: 'wait',
  waitsFor: {
    code: 'evidence_outdated',
    text: 'Waiting until the evidence knows of the last change of the rollout.',
  },
} as const;

function isOutdated({ rollout, evidence, fault }: ControllerInput): boolean {
  // A change that could not be folded is never known: the fault has its own way out.
  if (fault !== undefined) return false;
  return evidence !== undefined && !isOf(basisOf(evidence), rollout);
}

function firstStep(input: ControllerInput): Omit<ControllerStep, 'sentences'> {
  for (const step of STEPS) {
    const taken = step(input);
    if (taken !== undefined) return taken;
  }
  return { step: 'wait', waitsFor: { code: 'evidence', text: 'Waiting for more evidence.' } };
}
