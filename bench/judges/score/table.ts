import { JUDGES } from '../judge/all.ts';
import type { Scenario } from '../scenario/types.ts';
import type { Score } from './score.ts';
import { figureOf, hoursOf, markdown, percentOf } from './text.ts';

const HEAD = [
  'judge',
  'rolled back',
  'reached 100 %',
  'stayed below',
  'excess bad: mean (p90)',
  'treated units',
  'to 100 %: median (p90)',
  'to rollback: median (p90)',
  'right reason',
  'reasons (runs)',
];

/** One scenario as a Markdown table, one judge a line; shares in percent with their 95 % intervals. */
export function tableOf(scenario: Scenario, scores: readonly Score[]): string {
  const title = `### ${scenario.key.slice(0, 2)} ${scenario.title} (${scenario.truth})`;
  return [title, '', markdown(HEAD, scores.map(rowOf)), ''].join('\n');
}

function rowOf(score: Score): string[] {
  const { excessBad, toAll, toRollback, rightReason } = score;
  return [
    JUDGES.find(({ key }) => key === score.judge)?.label ?? score.judge,
    percentOf(score.rolledBack),
    percentOf(score.reachedAll),
    percentOf(score.stayed),
    `${figureOf(excessBad.mean)} (${figureOf(excessBad.p90)})`,
    figureOf(score.treatedUnits),
    toAll === undefined ? '' : `${hoursOf(toAll.median)} (${hoursOf(toAll.p90)})`,
    toRollback === undefined ? '' : `${hoursOf(toRollback.median)} (${hoursOf(toRollback.p90)})`,
    rightReason === undefined ? '' : percentOf(rightReason),
    [...Object.entries(score.reasons), ...Object.entries(score.stayedFor)]
      .map(([reason, runs]) => `${reason} ${runs}`)
      .join(', '),
  ];
}
