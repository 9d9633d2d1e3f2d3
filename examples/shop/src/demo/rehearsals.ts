import { must } from '../harness/command-line.ts';
import type { Shop } from '../harness/shop.ts';
import { FAULTS } from '../services/faults.ts';
import type { Facts } from './facts.ts';
import type { Story } from './story.ts';

/** What a rehearsal said of one flag before its rollout was started. */
export interface Prediction {
  readonly flag: string;
  readonly runs: number;
  /** How often it came to its end, and how often it was rolled back in the first stage. */
  readonly completed: Share;
  readonly rolledBackInFirst: number;
  readonly harmedUsers: Spread | undefined;
  readonly untilEndMs: Spread | undefined;
}

interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** Over all runs of the rehearsal. */
interface Spread {
  readonly least: number;
  readonly p50: number;
  readonly most: number;
}

interface Summary {
  readonly runs: number;
  readonly completed: Share;
  readonly rolledBack: Share;
  readonly rolledBackByStage: Readonly<Record<string, number>>;
  readonly harmedUnits?: Spread;
  readonly toRollbackMs?: Spread;
  readonly toCompletionMs?: Spread;
}

const { unluckyShare, oldCardShare, largeBasketShare, slowPathMs } = FAULTS;

/**
 * The demo's features as scenarios, from the same figures that the services fail by. Those that harm are
 * over soon, so there are runs enough for what is rare.
 */
const REHEARSED = [
  { flag: 'new-checkout', scenario: 'healthy', runs: 200 },
  { flag: 'express-pay', scenario: `errors hit ${percent(oldCardShare)}`, runs: 2_000 },
  {
    flag: 'smart-pricing',
    scenario: `latency slow ${percent(largeBasketShare)} by ${(slowPathMs.from + slowPathMs.to) / 2}ms`,
    runs: 2_000,
  },
] as const;

/** Has the shop's own server rehearse the three rollouts, before any of them is started. */
export async function rehearseAll(
  { downhaul }: Shop,
  ratePerSecond: number,
  { line }: Pick<Story, 'line'>,
): Promise<Prediction[]> {
  const predictions: Prediction[] = [];
  for (const { flag, scenario, runs } of REHEARSED) {
    const answer = (await must(
      downhaul(
        ...['rehearse', flag, '--scenario', scenario, '--runs', String(runs), '--no-suggest'],
        ...['--traffic', `${ratePerSecond}/s`, '--error-rate', percent(unluckyShare)],
        ...['--seed', 'demo'],
      ),
    )) as { report: { scenarios: readonly Summary[] } };
    const prediction = predictionOf(flag, answer.report.scenarios[0]);
    predictions.push(prediction);
    line(`${flag.padEnd(14)} «${scenario}»: ${predictionText(prediction)}`);
  }
  return predictions;
}

function predictionOf(flag: string, summary: Summary | undefined): Prediction {
  if (summary === undefined) throw new Error(`the rehearsal of ${flag} has no scenario`);
  const { runs, completed, rolledBackByStage } = summary;
  return {
    ...{ flag, runs, completed },
    rolledBackInFirst: (rolledBackByStage['0'] ?? 0) / runs,
    harmedUsers: summary.harmedUnits,
    untilEndMs: summary.toRollbackMs ?? summary.toCompletionMs,
  };
}

function predictionText({
  completed,
  rolledBackInFirst,
  harmedUsers,
  untilEndMs,
}: Prediction): string {
  const seconds = (ms: number): number => Math.round(ms / 1_000);
  const time =
    untilEndMs === undefined
      ? ''
      : ` after ${seconds(untilEndMs.least)} to ${seconds(untilEndMs.most)} s`;
  if (harmedUsers === undefined) return `completes in ${percent(completed.share)}${time}`;
  return `rolled back in the first stage in ${percent(rolledBackInFirst)}${time}, ${harmedUsers.least} to ${harmedUsers.most} users harmed`;
}

/** What really happened to a rollout. */
interface Seen {
  readonly status: string | undefined;
  readonly stage: number | undefined;
  readonly harmedUsers: number;
}

/** Holds a rehearsal against what happened. */
export function compare(prediction: Prediction, seen: Seen, facts: Facts): void {
  const { flag, completed, rolledBackInFirst, harmedUsers } = prediction;
  const expected = `the rehearsal of ${flag} said «${predictionText(prediction)}»`;
  if (harmedUsers === undefined) {
    const holds = completed.share > 0.95 && seen.status === 'completed';
    facts.add(`${expected}, and so it was`, holds, seen.status);
    return;
  }
  const inTime = seen.harmedUsers >= harmedUsers.least && seen.harmedUsers <= harmedUsers.most;
  const asSaid = seen.status === 'rolledBack' && seen.stage === 0 && rolledBackInFirst > 0.95;
  const text = `${seen.harmedUsers} users harmed, ${seen.status ?? 'nothing'} in stage ${seen.stage ?? '-'}`;
  facts.add(`${expected}, and so it was`, inTime && asSaid, text);
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}
