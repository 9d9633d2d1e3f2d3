import type { Scored } from '../score/matrix.ts';
import type { Score } from '../score/score.ts';

const SIZE = { width: 680, height: 300, left: 60, top: 34, right: 190, bottom: 44 };
/** What healthy rollouts take, and what these scenarios lose, at the same plan. */
const HEALTHY = '01';
const HARMFUL = ['06', '07', '09'];
const COLOURS = ['#0b6e4f', '#c1440e', '#4059ad'];
const VARIANT = 'downhaul-budget-';
/** The budget of the plan's default. */
const USUAL = { judge: 'downhaul-holdback', budget: 50 };

interface Point {
  readonly budget: number;
  readonly hours: number;
  readonly excess: number;
}

/** Victims against the time of healthy features, one point per harm budget, one line per scenario. */
export function drawTradeOff(done: readonly Scored[]): string {
  const scoresOf = (number: string) =>
    done.find(({ scenario }) => scenario.key.startsWith(number))?.scores ?? [];
  const lines = HARMFUL.map((number) => ({
    number,
    title: done.find(({ scenario }) => scenario.key.startsWith(number))?.scenario.title ?? number,
    points: pointsOf(scoresOf(HEALTHY), scoresOf(number)),
  })).filter(({ points }) => points.length > 0);
  const all = lines.flatMap(({ points }) => points);
  const plot = plotOf(all);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="11" role="img">`,
    '<title>Bad outcomes too many against the time of healthy features, by harm budget</title>',
    `<rect width="${SIZE.width}" height="${SIZE.height}" fill="#ffffff"/>`,
    plot.axes,
    ...lines.map(({ title, points }, at) => {
      const colour = COLOURS[at % COLOURS.length] ?? '#000000';
      const path = points.map((point) => `${plot.x(point)} ${plot.y(point)}`).join('L');
      const dots = points.map(
        (point) =>
          `<circle cx="${plot.x(point)}" cy="${plot.y(point)}" r="3" fill="${colour}"/><text x="${plot.x(point)}" y="${plot.y(point) - 6}" text-anchor="middle" fill="${colour}">${point.budget}</text>`,
      );
      const label = `<text x="${SIZE.width - SIZE.right + 12}" y="${SIZE.top + 16 * (at + 1)}" fill="${colour}">${title}</text>`;
      return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>${dots.join('')}${label}`;
    }),
    '</svg>',
    '',
  ].join('\n');
}

function pointsOf(healthy: readonly Score[], harmful: readonly Score[]): Point[] {
  return healthy
    .flatMap(({ judge, medianToAll }) => {
      const budget = judge === USUAL.judge ? USUAL.budget : Number(judge.split(VARIANT)[1]);
      const excess = harmful.find((score) => score.judge === judge)?.excessBad.mean;
      if (!(budget > 0) || medianToAll === null || excess === undefined) return [];
      return [{ budget, hours: medianToAll / 60, excess }];
    })
    .sort((one, other) => one.budget - other.budget);
}

function plotOf(points: readonly Point[]) {
  const most = Math.max(1, ...points.map(({ hours }) => hours)) * 1.05;
  const decades = Math.ceil(Math.log10(Math.max(10, ...points.map(({ excess }) => excess))));
  const width = SIZE.width - SIZE.left - SIZE.right;
  const height = SIZE.height - SIZE.top - SIZE.bottom;
  const x = ({ hours }: Pick<Point, 'hours'>) => Math.round(SIZE.left + (hours / most) * width);
  const y = ({ excess }: Pick<Point, 'excess'>) =>
    Math.round(SIZE.top + height * (1 - Math.log10(Math.max(1, excess)) / decades));
  const grid = Array.from({ length: decades + 1 }, (_, decade) => {
    const at = y({ excess: 10 ** decade });
    return `<path d="M${SIZE.left} ${at}h${width}" stroke="#dddddd"/><text x="${SIZE.left - 6}" y="${at + 4}" text-anchor="end" fill="#555555">${(10 ** decade).toLocaleString('en-US')}</text>`;
  });
  const step = Math.max(1, Math.ceil(most / 8));
  const hours = Array.from({ length: Math.floor(most / step) + 1 }, (_, at) => at * step).map(
    (each) =>
      `<text x="${x({ hours: each })}" y="${SIZE.height - 26}" text-anchor="middle" fill="#555555">${each} h</text>`,
  );
  const title = `<text x="${SIZE.left}" y="18" font-weight="bold" fill="#222222">Bad outcomes too many, by harm budget of the plan</text>`;
  const below = `<text x="${SIZE.left}" y="${SIZE.height - 8}" fill="#555555">half of the healthy rollouts (01) at 100 % after</text>`;
  return { x, y, axes: [title, ...grid, ...hours, below].join('') };
}
