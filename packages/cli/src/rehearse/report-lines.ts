import type { RehearsalReport, ScenarioSummary } from '../api/answers.ts';
import { formatDuration, formatShare } from '../output/figures.ts';
import type { Style } from '../output/style.ts';
import { table } from '../output/table.ts';
import { printable } from '../output/text.ts';
import type { Rehearsed } from './on-server.ts';

type Share = ScenarioSummary['rolledBack'];
type Quantiles = NonNullable<ScenarioSummary['harmedUnits']>;

/** A rehearsal for a person: what happened in each scenario, the healthy way up, what to change. */
export function reportLines({ report, recorded }: Rehearsed, style: Style): string[] {
  const { plan, runs, seed, judgeVersion } = report;
  return [
    `${style.strong(printable(plan) || 'the plan')}: ${runs} runs of each scenario, seed ${printable(seed)}, judge ${judgeVersion}`,
    ...figureLines(report),
    '',
    ...scenarioTable(report.scenarios, style),
    '',
    ...healthyLines(report.scenarios),
    ...findingLines(report, style),
    ...suggestionLines(report, style),
    'Not modelled:',
    ...report.notModelled.map((text) => `  - ${text}`),
    recorded === null
      ? 'Nothing was recorded: it was rehearsed here, without a server.'
      : `Recorded at position ${recorded.version}, of use until ${new Date(recorded.expiresAtMs).toISOString()}.`,
  ];
}

function figureLines({ figures }: RehearsalReport): string[] {
  const of = (known: string) =>
    figures
      .filter((figure) => figure.known === known)
      .map(({ name, value }) => (value === null ? name : `${name} ${shortNumber(value)}`))
      .join(', ');
  return (['measured', 'given', 'assumed'] as const).flatMap((known) => {
    const text = of(known);
    return text === '' ? [] : [`${known}: ${printable(text)}`];
  });
}

function scenarioTable(scenarios: readonly ScenarioSummary[], style: Style): string[] {
  return table(scenarios, [
    { title: 'scenario', value: ({ scenario }) => scenario },
    { title: 'is', value: ({ truth }) => truth },
    { title: 'rolled back', value: ({ rolledBack }) => shareText(rolledBack) },
    { title: 'stopped', value: ({ stopped }) => shareText(stopped) },
    {
      title: 'reached the last stage',
      value: ({ reachedLast }) => shareText(reachedLast),
      mark: (cell, { truth, reachedLast }) =>
        (truth === 'harmful' || truth === 'untold') && reachedLast.share > 0.05
          ? style.bad(cell)
          : cell,
    },
    {
      title: 'harmed, median (90 %)',
      align: 'right',
      value: ({ harmedInAll }) => (harmedInAll === undefined ? undefined : unitsText(harmedInAll)),
    },
    {
      title: 'until back',
      align: 'right',
      value: ({ toRollbackMs }) => (toRollbackMs && timeText(toRollbackMs)) ?? undefined,
    },
  ]);
}

/** How long a healthy rollout takes, stage by stage. */
function healthyLines(scenarios: readonly ScenarioSummary[]): string[] {
  const healthy = scenarios.find(({ scenario }) => scenario === 'healthy');
  if (healthy === undefined) return [];
  const stages = healthy.stages.map(
    ({ sharePerMillion, reached, afterMs }) =>
      `  ${formatShare(sharePerMillion).padStart(6)}  ${afterMs === undefined ? 'never' : timeText(afterMs)}, reached in ${shareText(reached)}`,
  );
  const end =
    healthy.toCompletionMs === undefined
      ? 'no run completed'
      : `completed after ${timeText(healthy.toCompletionMs)}, in ${shareText(healthy.completed)}`;
  return ['A healthy rollout reaches, median (90 %):', ...stages, `  ${end}`, ''];
}

function findingLines({ findings }: RehearsalReport, style: Style): string[] {
  if (findings.length === 0) return [style.good('Nothing is amiss.'), ''];
  return ['Found:', ...findings.map(({ text }) => `  - ${printable(text)}`), ''];
}

function suggestionLines({ findings, suggestions }: RehearsalReport, style: Style): string[] {
  if (findings.length === 0) return [];
  if (suggestions.length === 0) return ['No change that was tried helps by more than chance.', ''];
  return [
    'What helps, each tried:',
    ...suggestions.map(({ text }) => `  - ${style.strong(printable(text))}`),
    '',
  ];
}

/** `1.5 % (0.5 to 4.3)`: the share and its 95 % interval. */
function shareText({ share, low, high }: Share): string {
  const percent = (value: number) => Number((value * 100).toFixed(1));
  return `${percent(share)} % (${percent(low)} to ${percent(high)})`;
}

function unitsText({ p50, p90 }: Quantiles): string {
  return `${shortNumber(p50)} (${shortNumber(p90)})`;
}

function timeText({ p50, p90 }: Quantiles): string {
  return `${formatDuration(p50)} (${formatDuration(p90)})`;
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
