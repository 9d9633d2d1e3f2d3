import { JUDGES } from '../judge/all.ts';
import type { Scored } from './matrix.ts';
import { differenceOf, ratioOf } from './paired.ts';
import type { Score } from './score.ts';
import { figureOf, hoursOf, percentOf } from './text.ts';

/** What the product is held to; figures in docs/judge-benchmark.md. */
const HONEST = 0.05;
const ALPHA = 0.01;
const LARGEST_RATIO = 1.6;
const LARGEST_TIME_RATIO = 1.3;

const OURS = ['downhaul', 'downhaul-holdback'];
const ORACLES = ['oracle', 'oracle-ramp', 'oracle-free'];

export interface Target {
  readonly is: 'met' | 'within noise' | 'not met';
  readonly text: string;
}

/** Every target with what was seen: the program says itself where it falls short. */
export function targetsOf(done: readonly Scored[]): Target[] {
  return OURS.flatMap((judge) => [
    ...alarms(done, judge),
    ...against(done, judge),
    ...ratios(done, judge),
    ...times(done, judge),
  ]);
}

/** Judges that are neither the product nor an oracle and raise at most 5 % false alarms wherever both arms are the same. */
export function honestJudges(done: readonly Scored[]): string[] {
  const same = done.filter(({ scenario }) => scenario.isSame === true);
  return others(done).filter((judge) =>
    same.every(({ scores }) => (scoreOf(scores, judge)?.rolledBack.share ?? 0) <= HONEST),
  );
}

function others(done: readonly Scored[]): string[] {
  const ran = new Set(done.flatMap(({ scores }) => scores.map(({ judge }) => judge)));
  return JUDGES.map(({ key }) => key).filter(
    (key) =>
      ran.has(key) && !OURS.includes(key) && !ORACLES.includes(key) && !key.startsWith('downhaul'),
  );
}

function alarms(done: readonly Scored[], judge: string): Target[] {
  return done.flatMap(({ scenario, scores }) => {
    const own = scoreOf(scores, judge);
    if (scenario.isSame !== true || own === undefined) return [];
    const { share, lower } = own.rolledBack;
    const is = share <= ALPHA ? 'met' : lower <= ALPHA ? 'within noise' : 'not met';
    const why = share === 0 ? '' : ` (${reasonsOf(own)})`;
    return [
      {
        is,
        text: `${judge}, ${scenario.key}: ${percentOf(own.rolledBack)} % false rollbacks${why}`,
      },
    ];
  });
}

function against(done: readonly Scored[], judge: string): Target[] {
  const honest = honestJudges(done);
  return done.flatMap(({ scenario, scores }) => {
    const own = scoreOf(scores, judge);
    if (scenario.truth !== 'harmful' || own === undefined) return [];
    const better = honest.flatMap((other) => {
      const its = scoreOf(scores, other);
      if (its === undefined) return [];
      const { mean, lower } = differenceOf(own.excessBySeed, its.excessBySeed);
      return lower > 0 ? [`${labelOf(other)} loses ${figureOf(mean)} fewer`] : [];
    });
    const text = `${judge}, ${scenario.key}: ${better.length === 0 ? 'no honest judge loses fewer' : better.join(', ')}`;
    return [{ is: better.length === 0 ? 'met' : 'not met', text }];
  });
}

function ratios(done: readonly Scored[], judge: string): Target[] {
  return done.flatMap(({ scenario, scores }) => {
    const own = scoreOf(scores, judge);
    const oracle = scoreOf(scores, 'oracle');
    if (scenario.truth !== 'harmful' || own === undefined || oracle === undefined) return [];
    const { mean, lower } = ratioOf(own.excessBySeed, oracle.excessBySeed);
    const is = mean <= LARGEST_RATIO ? 'met' : lower <= LARGEST_RATIO ? 'within noise' : 'not met';
    const figures = ORACLES.flatMap((key) => {
      const its = scoreOf(scores, key);
      if (its === undefined) return [];
      const ratio = ratioOf(own.excessBySeed, its.excessBySeed);
      return [
        `${figureOf(ratio.mean)} [${figureOf(ratio.lower)}, ${figureOf(ratio.upper)}] of ${key}`,
      ];
    });
    return [{ is, text: `${judge}, ${scenario.key}: harm ${figures.join(', ')}` }];
  });
}

function times(done: readonly Scored[], judge: string): Target[] {
  return done.flatMap(({ scenario, scores }) => {
    const own = scoreOf(scores, judge);
    if (scenario.truth !== 'healthy' || scenario.isScarce === true || own === undefined) return [];
    const limit = LARGEST_TIME_RATIO * TIMER_MINUTES;
    const median = own.medianToAll;
    const text = `${judge}, ${scenario.key}: half of the runs at 100 % ${median === null ? 'not within 48 h' : `after ${hoursOf(median)}`}, ${percentOf(own.stayed)} % stayed below`;
    return [{ is: median !== null && median <= limit ? 'met' : 'not met', text }];
  });
}

/** Four stages of an hour. */
const TIMER_MINUTES = 240;

function scoreOf(scores: readonly Score[], judge: string): Score | undefined {
  return scores.find((score) => score.judge === judge);
}

function labelOf(judge: string): string {
  return JUDGES.find(({ key }) => key === judge)?.label ?? judge;
}

function reasonsOf({ reasons }: Score): string {
  return Object.entries(reasons)
    .map(([reason, runs]) => `${reason} ${runs}`)
    .join(', ');
}
