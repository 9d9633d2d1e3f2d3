import { attemptAlpha } from '@downhaul/judge';
import { logFactor } from '../../../packages/judge/src/betting/bet.ts';
import type { Scenario } from '../scenario/types.ts';
import { STAGE_SHARES } from '../trace/types.ts';
import { type Question, questionOf } from './oracle-question.ts';
import type { Arrival, ArmSeen, Judge, JudgeRun, Move, Seen, Setting } from './types.ts';

const BAKE_MINUTES = 30;

/**
 * Sequential tests that know the truth, minute by minute, and need not guess how large the effect is.
 * While the effect of the stage is harmful they stay in it until the test rejects; else they go up every
 * 30 minutes. One has the null and the share of alpha of the product, and so has one that goes up when the
 * product does, so that only the test differs; the third tests «no effect» with the whole alpha. They see the same telemetry, lost as it may be.
 */
export const ORACLES: readonly Judge[] = [
  {
    key: 'oracle',
    label: 'Oracle, same null and alpha',
    measuresFirst: false,
    start: (setting) => start(setting, { isFree: false, alpha: attemptAlpha(0.01, 1) }),
  },
  {
    key: 'oracle-ramp',
    label: 'Oracle, the same on the way of Downhaul',
    measuresFirst: true,
    follows: 'downhaul',
    start: (setting) => start(setting, { isFree: false, alpha: attemptAlpha(0.01, 1) }),
  },
  {
    key: 'oracle-free',
    label: 'Oracle, null of no effect',
    measuresFirst: false,
    start: (setting) => start(setting, { isFree: true, alpha: 0.01 }),
  },
];

interface Terms {
  readonly isFree: boolean;
  readonly alpha: number;
}

function start({ scenario, world, followed }: Setting, { isFree, alpha }: Terms): JudgeRun {
  const raises = followed?.filter(({ does }) => does === 'advance').map(({ minute }) => minute);
  const questions = scenario.outcomes.map((_, outcome) =>
    questionOf(scenario, world, { outcome, isFree }),
  );
  const limit = Math.log(scenario.outcomes.length / alpha);
  const logE = scenario.outcomes.map(() => 0);
  const due = new Map<number, { readonly arrival: Arrival; readonly outcome: number }[]>();
  let stage = -1;
  let sinceMinute = 0;
  const absorb = (arrival: Arrival, outcome: number): void => {
    const question = questions[outcome];
    if (question === undefined) return;
    logE[outcome] = (logE[outcome] ?? 0) + factorOf(arrival, question);
  };
  return {
    look(seen) {
      for (const arrival of seen.arrivals) plan(due, arrival, { scenario, minute: seen.minute });
      for (const { arrival, outcome } of due.get(seen.minute) ?? []) absorb(arrival, outcome);
      due.delete(seen.minute);
      if (logE.some((evidence) => evidence >= limit)) return { does: 'rollback', reason: 'harm' };
      if (raises !== undefined) {
        return { does: raises.includes(seen.minute) ? 'advance' : 'wait' };
      }
      if (seen.stage !== stage) [stage, sinceMinute] = [seen.stage, seen.minute];
      const isHarmful = questions.some(({ null: { ratio, excess }, ratesAt }) => {
        const { control, treated } = ratesAt({ minute: seen.minute, stage });
        return treated > ratio * control + excess;
      });
      return isHarmful ? { does: 'wait' } : timed(seen, sinceMinute);
    },
  };
}

function timed({ minute, stage }: Seen, sinceMinute: number): Move {
  if (minute - sinceMinute + 1 < BAKE_MINUTES) return { does: 'wait' };
  return stage < STAGE_SHARES.length - 1 ? { does: 'advance' } : { does: 'complete' };
}

function plan(
  due: Map<number, { readonly arrival: Arrival; readonly outcome: number }[]>,
  arrival: Arrival,
  { scenario, minute }: { readonly scenario: Scenario; readonly minute: number },
): void {
  scenario.outcomes.forEach(({ horizonMinutes }, outcome) => {
    const at = Math.max(minute, arrival.minute + (horizonMinutes <= 1 ? 0 : horizonMinutes));
    due.set(at, [...(due.get(at) ?? []), { arrival, outcome }]);
  });
}

/** The bet of the product with the true rates in place of its mixture and prediction. */
function factorOf(
  { minute, stage, treatment, control }: Arrival,
  { null: claim, badOf, ratesAt }: Question,
): number {
  const rates = ratesAt({ minute, stage });
  const harmRate = claim.ratio * rates.control + claim.excess;
  if (rates.treated <= harmRate) return 0;
  const isCommon = rates.control > 0.5;
  const told = (arm: ArmSeen) => {
    const bad = badOf(arm);
    return { units: arm.units, bad: isCommon ? arm.units - bad : bad };
  };
  return logFactor(
    { treatment: told(treatment), control: told(control) },
    {
      null: isCommon ? { ratio: claim.ratio, excess: 1 - claim.ratio - claim.excess } : claim,
      multiplier: isCommon ? (1 - rates.treated) / (1 - harmRate) : rates.treated / harmRate,
      controlRate: isCommon ? 1 - rates.control : rates.control,
    },
  );
}
