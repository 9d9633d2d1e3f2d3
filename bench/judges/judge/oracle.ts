import { attemptAlpha } from '@downhaul/judge';
import { planHarmNull } from '../../../packages/control/src/telemetry/rollout/margins.ts';
import { logFactor, type Null } from '../../../packages/judge/src/betting/bet.ts';
import { P99_MS } from '../scenario/08-latency.ts';
import type { Scenario, World } from '../scenario/types.ts';
import { STAGE_SHARES } from '../trace/types.ts';
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
  const nulls = scenario.outcomes.map((_, outcome) =>
    isFree ? { ratio: 1, excess: 0 } : toleratedBy(scenario, world, outcome),
  );
  const limit = Math.log(scenario.outcomes.length / alpha);
  const logE = scenario.outcomes.map(() => 0);
  const due = new Map<number, { readonly arrival: Arrival; readonly outcome: number }[]>();
  let stage = -1;
  let sinceMinute = 0;
  const absorb = (arrival: Arrival, outcome: number): void => {
    const null_ = nulls[outcome];
    if (null_ === undefined) return;
    const factor = factorOf(arrival, { null: null_, world, outcome });
    logE[outcome] = (logE[outcome] ?? 0) + factor;
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
      const isHarmful = nulls.some((null_, outcome) => {
        const { control, treated } = ratesAt(world, { minute: seen.minute, stage, outcome });
        return treated > null_.ratio * control + null_.excess;
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
  of: { readonly null: Null; readonly world: World; readonly outcome: number },
): number {
  const rates = ratesAt(of.world, { minute, stage, outcome: of.outcome });
  const counts = (arm: ArmSeen) => ({ units: arm.units, bad: arm.bad[of.outcome] ?? 0 });
  const harmRate = of.null.ratio * rates.control + of.null.excess;
  if (rates.treated <= harmRate) return 0;
  const isCommon = rates.control > 0.5;
  const told = isCommon ? inGood : (arm: { units: number; bad: number }) => arm;
  const null_ = isCommon
    ? { ratio: of.null.ratio, excess: 1 - of.null.ratio - of.null.excess }
    : of.null;
  return logFactor(
    { treatment: told(counts(treatment)), control: told(counts(control)) },
    {
      null: null_,
      multiplier: isCommon ? (1 - rates.treated) / (1 - harmRate) : rates.treated / harmRate,
      controlRate: isCommon ? 1 - rates.control : rates.control,
    },
  );
}

function inGood({ units, bad }: { readonly units: number; readonly bad: number }) {
  return { units, bad: units - bad };
}

function ratesAt(
  world: World,
  at: { readonly minute: number; readonly stage: number; readonly outcome: number },
): { readonly control: number; readonly treated: number } {
  return {
    control: world.rate({ ...at, stage: undefined }),
    treated: world.rate({ ...at, stage: Math.max(0, at.stage) }),
  };
}

/** What the plan tolerates; of latency, as a share of units beyond the usual p99. */
function toleratedBy({ outcomes }: Scenario, world: World, outcome: number): Null {
  const guardrail = outcomes[outcome]?.guardrail;
  if (guardrail === undefined) return { ratio: 1, excess: 0 };
  if (guardrail.quantile === undefined || world.slower === undefined) {
    return planHarmNull({ kind: guardrail.worse === 'lower' ? 'missing' : 'bad', guardrail });
  }
  const tolerated = world.slower(P99_MS / (1 + guardrail.margin.relative), 'control');
  return { ratio: 1, excess: tolerated - (1 - guardrail.quantile) };
}
