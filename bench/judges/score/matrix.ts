import { JUDGES } from '../judge/all.ts';
import type { Scenario } from '../scenario/types.ts';
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
    section('Nobody can tell: went to 100 % all the same, %', of('untold'), ({ reachedAll }) =>
      percentOf(reachedAll),
    ),
    section('Held, paused or rolled back for a right reason, %', checked, ({ rightReason }) =>
      rightReason === undefined ? '–' : percentOf(rightReason),
    ),
  ].join('\n');
}

function section(title: string, scored: readonly Scored[], cell: (score: Score) => string): string {
  if (scored.length === 0) return '';
  const head = ['judge', ...scored.map(({ scenario }) => scenario.key.slice(0, 2))];
  const rows = JUDGES.flatMap(({ key, label }) => {
    const cells = scored.map(({ scores }) => {
      const score = scores.find(({ judge }) => judge === key);
      return score === undefined ? '' : cell(score);
    });
    return cells.every((each) => each === '') ? [] : [[label, ...cells]];
  });
  return [`### ${title}`, '', markdown(head, rows), ''].join('\n');
}
