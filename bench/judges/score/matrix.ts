import { JUDGES } from '../judge/all.ts';
import type { Scenario } from '../scenario/types.ts';
import { differenceOf, ratioOf } from './paired.ts';
import type { Score } from './score.ts';
import { figureOf, hoursOf, markdown, percentOf } from './text.ts';

export interface Scored {
  readonly scenario: Scenario;
  readonly scores: readonly Score[];
}

/** The whole benchmark in a few tables: judges in lines, scenarios in columns. */
export function matrixOf(done: readonly Scored[]): string {
  const of = (truth: Scenario['truth']) => done.filter(({ scenario }) => scenario.truth === truth);
  const checked = done.filter(({ scenario }) => scenario.reasons !== undefined);
  return [
    section('Healthy: rolled back, %', of('healthy'), ({ rolledBack }) => percentOf(rolledBack)),
    section('Healthy: below 100 % after 48 h, not rolled back, %', of('healthy'), ({ stayed }) =>
      percentOf(stayed),
    ),
    section('Healthy: median time to 100 %', of('healthy'), ({ toAll }) =>
      toAll === undefined ? '–' : hoursOf(toAll.median),
    ),
    section('Harmful: reached 100 %, %', of('harmful'), ({ reachedAll }) => percentOf(reachedAll)),
    section('Harmful: rolled back, %', of('harmful'), ({ rolledBack }) => percentOf(rolledBack)),
    section('Harmful: bad outcomes too many in 48 h, mean', of('harmful'), ({ excessBad }) =>
      figureOf(excessBad.mean),
    ),
    section('Harmful: how many more than Downhaul, 5 % held back', of('harmful'), lostMore),
    section('Harmful: Downhaul as a multiple of', of('harmful'), multipleOf('downhaul')),
    section(
      'Harmful: Downhaul, 5 % held back, as a multiple of',
      of('harmful'),
      multipleOf('downhaul-holdback'),
    ),
    section('Nobody can tell: went to 100 % all the same, %', of('untold'), ({ reachedAll }) =>
      percentOf(reachedAll),
    ),
    section('Nobody can tell: rolled back, %', of('untold'), ({ rolledBack }) =>
      percentOf(rolledBack),
    ),
    section('Held, paused or rolled back for a right reason, %', checked, ({ rightReason }) =>
      rightReason === undefined ? '–' : percentOf(rightReason),
    ),
  ].join('\n');
}

type Cell = (score: Score, scores: readonly Score[]) => string;

/** Mean seed by seed of judges that are no oracles; in brackets where the 95 % interval holds 0. */
function lostMore(score: Score, scores: readonly Score[]): string {
  const own = scores.find(({ judge }) => judge === 'downhaul-holdback');
  if (own === undefined || /^(downhaul|oracle)/.test(score.judge)) return '';
  const { mean, lower, upper } = differenceOf(score.excessBySeed, own.excessBySeed);
  return lower <= 0 && upper >= 0 ? `(${figureOf(mean)})` : figureOf(mean);
}

/** Harm of one judge by that of each oracle, with its 95 % interval. */
function multipleOf(judge: string): Cell {
  return (score, scores) => {
    const own = scores.find((other) => other.judge === judge);
    if (own === undefined || !score.judge.startsWith('oracle')) return '';
    const { mean, lower, upper } = ratioOf(own.excessBySeed, score.excessBySeed);
    return `${figureOf(mean)} [${figureOf(lower)}, ${figureOf(upper)}]`;
  };
}

function section(title: string, scored: readonly Scored[], cell: Cell): string {
  if (scored.length === 0) return '';
  const head = ['judge', ...scored.map(({ scenario }) => scenario.key.slice(0, 2))];
  const rows = JUDGES.flatMap(({ key, label }) => {
    const cells = scored.map(({ scores }) => {
      const score = scores.find(({ judge }) => judge === key);
      return score === undefined ? '' : cell(score, scores);
    });
    return cells.every((each) => each === '') ? [] : [[label, ...cells]];
  });
  return [`### ${title}`, '', markdown(head, rows), ''].join('\n');
}
