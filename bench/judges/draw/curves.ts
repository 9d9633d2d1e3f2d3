import { JUDGES } from '../judge/all.ts';
import type { Scenario } from '../scenario/types.ts';
import type { Score } from '../score/score.ts';

const PANEL = { width: 340, height: 230, left: 52, top: 34, right: 10, bottom: 28 };
const COLUMNS = 2;
const LEGEND_LINE = 18;
const HOURS = 48;

/** Lines are told apart by colour and dash; the product's is the thick one. */
const COLOURS = ['#0b6e4f', '#c1440e', '#4059ad', '#97742a', '#8e3b8a', '#5f6b73', '#1b998b'];
const DASHES = ['', '6 3', '2 3', '8 3 2 3'];

interface Panel {
  readonly scenario: Scenario;
  readonly scores: readonly Score[];
}

/** Excess bad outcomes by hour, on a logarithmic scale from 1 on, one panel per scenario. */
export function drawExcess(panels: readonly Panel[]): string {
  const rows = Math.ceil(panels.length / COLUMNS);
  const judges = JUDGES.filter(({ key }) =>
    panels.some(({ scores }) => scores.some(({ judge }) => judge === key)),
  );
  const width = COLUMNS * PANEL.width;
  const legendTop = rows * PANEL.height + 10;
  const height = legendTop + Math.ceil(judges.length / COLUMNS) * LEGEND_LINE + 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11" role="img">`,
    '<title>Excess bad outcomes by hour of the rollout</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...panels.map((panel, index) => drawPanel(panel, index)),
    ...judges.map(({ key, label }, index) => {
      const x = (index % COLUMNS) * PANEL.width + 12;
      const y = legendTop + Math.floor(index / COLUMNS) * LEGEND_LINE + 8;
      const line = `<path d="M${x} ${y}h28" ${strokeOf(key)}/>`;
      return `${line}<text x="${x + 36}" y="${y + 4}" fill="#222222">${escaped(label)}</text>`;
    }),
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel({ scenario, scores }: Panel, index: number): string {
  const x0 = (index % COLUMNS) * PANEL.width;
  const y0 = Math.floor(index / COLUMNS) * PANEL.height;
  const largest = Math.max(10, ...scores.flatMap(({ excessByHour }) => excessByHour));
  const decades = Math.ceil(Math.log10(largest));
  const plotWidth = PANEL.width - PANEL.left - PANEL.right;
  const plotHeight = PANEL.height - PANEL.top - PANEL.bottom;
  const x = (hour: number) => PANEL.left + (hour / HOURS) * plotWidth;
  const y = (excess: number) =>
    PANEL.top + plotHeight * (1 - Math.log10(Math.max(1, excess)) / decades);
  const grid = Array.from({ length: decades + 1 }, (_, decade) => {
    const at = y(10 ** decade).toFixed(1);
    const label = (10 ** decade).toLocaleString('en-US');
    return `<path d="M${PANEL.left} ${at}h${plotWidth}" stroke="#dddddd"/><text x="${PANEL.left - 5}" y="${Number(at) + 4}" text-anchor="end" fill="#555555">${label}</text>`;
  });
  const hours = [0, 12, 24, 36, 48].map(
    (hour) =>
      `<text x="${x(hour)}" y="${PANEL.height - 12}" text-anchor="middle" fill="#555555">${hour} h</text>`,
  );
  const lines = scores.map(({ judge, excessByHour }) => {
    const points = excessByHour.map(
      (excess, hour) => `${x(hour + 1).toFixed(1)} ${y(excess).toFixed(1)}`,
    );
    return `<path d="M${x(0)} ${y(0)}L${points.join('L')}" ${strokeOf(judge)}/>`;
  });
  const title = `<text x="${PANEL.left}" y="20" font-weight="bold" fill="#222222">${escaped(scenario.title)}</text>`;
  return `<g transform="translate(${x0} ${y0})">${[title, ...grid, ...hours, ...lines].join('')}</g>`;
}

function strokeOf(key: string): string {
  const at = JUDGES.findIndex((judge) => judge.key === key);
  const colour = COLOURS[at % COLOURS.length] ?? '#000000';
  const dash = DASHES[Math.floor(at / COLOURS.length) % DASHES.length] ?? '';
  const width = key === 'downhaul' ? 3.5 : 1.4;
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return `fill="none" stroke="${colour}" stroke-width="${width}"${dashes}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
