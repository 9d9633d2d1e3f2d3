import { JUDGES } from '../judge/all.ts';
import type { Scenario } from '../scenario/types.ts';
import type { Score } from './score.ts';
import type { Interval } from './wilson.ts';

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
  const rows = [HEAD, ...scores.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const title = `### ${scenario.key.slice(0, 2)} ${scenario.title} (${scenario.truth})`;
  return [title, '', line(head), rule, ...body.map(line), ''].join('\n');
}

function rowOf(score: Score): string[] {
  const { excessBad, toAll, toRollback, rightReason } = score;
  return [
    JUDGES.find(({ key }) => key === score.judge)?.label ?? score.judge,
    percent(score.rolledBack),
    percent(score.reachedAll),
    percent(score.stayed),
    `${round(excessBad.mean)} (${round(excessBad.p90)})`,
    round(score.treatedUnits),
    toAll === undefined ? '' : `${hours(toAll.median)} (${hours(toAll.p90)})`,
    toRollback === undefined ? '' : `${hours(toRollback.median)} (${hours(toRollback.p90)})`,
    rightReason === undefined ? '' : percent(rightReason),
    [...Object.entries(score.reasons), ...Object.entries(score.stayedFor)]
      .map(([reason, runs]) => `${reason} ${runs}`)
      .join(', '),
  ];
}

function percent({ share, lower, upper }: Interval): string {
  const figure = (value: number) => Number((value * 100).toFixed(value < 0.1 ? 1 : 0));
  return `${figure(share)} [${figure(lower)}, ${figure(upper)}]`;
}

function hours(minutes: number): string {
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

function round(value: number): string {
  if (Math.abs(value) < 10) return String(Number(value.toFixed(1)));
  return Math.round(value).toLocaleString('en-US');
}
