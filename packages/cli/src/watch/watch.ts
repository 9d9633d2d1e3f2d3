import { setTimeout as sleep } from 'node:timers/promises';
import type { RolloutAnswer } from '../api/answers.ts';
import { CommandError } from '../error.ts';
import { EXIT, exitCodeOf } from '../exit-code.ts';
import type { WatchModel } from './model.ts';
import { modelOf } from './model-of.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome, Until } from './outcome.ts';

/** Where a watch is shown: on a screen of its own, as appended lines, or as lines of JSON. */
export interface Presenter {
  show(answer: RolloutAnswer, model: WatchModel): void;
  /** The server did not answer; what was shown last still stands there. */
  trouble(message: string): void;
  /** Shows the end, last of all; called once, also after an error. */
  end(outcome: Outcome | undefined): void;
}

interface WatchInput {
  readonly ask: () => Promise<RolloutAnswer>;
  readonly presenter: Presenter;
  readonly intervalMs: number;
  readonly until?: Until | undefined;
  readonly interrupted: AbortSignal;
}

/**
 * Looks again and again until there is nothing more to watch, or until it is interrupted. A server
 * that cannot be reached for a while does not end a watch that has begun.
 */
export async function watch({
  ask,
  presenter,
  intervalMs,
  until,
  interrupted,
}: WatchInput): Promise<Outcome> {
  let outcome: Outcome | undefined;
  let seen = false;
  try {
    while (outcome === undefined) {
      outcome = await lookOnce({ ask, presenter, until }, seen);
      seen = true;
      if (outcome === undefined) await sleep(intervalMs, undefined, { signal: interrupted });
    }
  } catch (error) {
    if (!interrupted.aborted) throw error;
    outcome = interruptedOutcome(interrupted);
  } finally {
    presenter.end(outcome);
  }
  return outcome;
}

async function lookOnce(
  { ask, presenter, until }: Pick<WatchInput, 'ask' | 'presenter' | 'until'>,
  seen: boolean,
): Promise<Outcome | undefined> {
  try {
    const answer = await ask();
    const model = modelOf(answer);
    presenter.show(answer, model);
    return outcomeOf(model, until);
  } catch (error) {
    const passes = error instanceof CommandError && error.failure.exitCode === EXIT.unreachable;
    if (!seen || !passes) throw error;
    presenter.trouble(error.message);
    return undefined;
  }
}

function interruptedOutcome({ reason }: AbortSignal): Outcome {
  return {
    exitCode: exitCodeOf(reason),
    text: 'the watching has ended, the rollout goes on',
  };
}
