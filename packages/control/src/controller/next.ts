import { withLazy } from '../evidence/lazy.ts';
import { sentencesOf } from './sentences.ts';
import { advance } from './steps/advance.ts';
import { budget } from './steps/budget.ts';
import { complete } from './steps/complete.ts';
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
 * input gives the same step. It never ships because nothing was seen (invariants 4 and 5).
 */
export function next(input: ControllerInput): ControllerStep {
  return withLazy(firstStep(input), { sentences: () => sentencesOf(input) });
}

function firstStep(input: ControllerInput): Omit<ControllerStep, 'sentences'> {
  for (const step of STEPS) {
    const taken = step(input);
    if (taken !== undefined) return taken;
  }
  return { step: 'wait', waitsFor: { code: 'evidence', text: 'Waiting for more evidence.' } };
}
