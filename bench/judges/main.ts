/**
 * Judges of rollouts on the same traces.
 *
 *     node --conditions=source bench/judges/main.ts [--seeds 20 | --full] [--jobs 2] [--scenario 06,09]
 *         [--judge downhaul] [--keep DIRECTORY] [--from DIRECTORY] [--curves docs/judge-benchmark.svg] [--trade-off docs/judge-trade-off.svg] [--matrix]
 *
 * `--keep` writes the figures of each scenario as JSON, `--from` reads them instead of running.
 * `--matrix` prints all scenarios side by side instead of one after the other.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawExcess } from './draw/curves.ts';
import { drawTradeOff } from './draw/trade-off.ts';
import { runScenarios } from './run.ts';
import { SCENARIOS } from './scenario/all.ts';
import type { Scenario } from './scenario/types.ts';
import type { Score } from './score/score.ts';
import { matrixOf, type Scored } from './score/matrix.ts';
import { summaryOf } from './score/summary.ts';
import { targetsText } from './score/targets-text.ts';
import { tableOf } from './score/table.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    jobs: { type: 'string', default: '1' },
    full: { type: 'boolean', default: false },
    scenario: { type: 'string' },
    judge: { type: 'string' },
    keep: { type: 'string' },
    from: { type: 'string' },
    curves: { type: 'string' },
    'trade-off': { type: 'string' },
    matrix: { type: 'boolean', default: false },
  },
});
const seeds = values.full ? 1_000 : Number(values.seeds);
const wanted = values.scenario?.split(',');
const judges = values.judge?.split(',');
const beganMs = performance.now();
const chosen = SCENARIOS.filter(
  ({ key }) => wanted === undefined || wanted.some((start) => key.startsWith(start)),
);
const found = new Map<Scenario, readonly Score[]>();

if (values.from === undefined) {
  await runScenarios(chosen, {
    seeds,
    jobs: Number(values.jobs),
    ...(judges === undefined ? {} : { judges }),
    done: (scenario, scores) => {
      found.set(scenario, scores);
      keep(scenario, scores);
    },
  });
} else {
  for (const scenario of chosen) {
    const scores = read(values.from, scenario);
    if (scores !== undefined) found.set(scenario, scores);
  }
}
const done: Scored[] = chosen.flatMap((scenario) => {
  const scores = found.get(scenario);
  return scores === undefined ? [] : [{ scenario, scores }];
});
if (!values.matrix) for (const { scenario, scores } of done) console.log(tableOf(scenario, scores));
if (values.matrix) console.log(matrixOf(done));
if (values.curves !== undefined) {
  const drawn = done.filter(({ scenario }) =>
    ['06', '08', '09', '10', '11', '21'].includes(scenario.key.slice(0, 2)),
  );
  writeFileSync(values.curves, drawExcess(drawn));
}
if (values['trade-off'] !== undefined) writeFileSync(values['trade-off'], drawTradeOff(done));
console.log(targetsText(done));
console.log(summaryOf(done, performance.now() - beganMs));

function keep(scenario: Scenario, scores: readonly Score[]): void {
  if (values.keep === undefined) return;
  mkdirSync(values.keep, { recursive: true });
  writeFileSync(join(values.keep, `${scenario.key}.json`), JSON.stringify(scores));
}

function read(directory: string, scenario: Scenario): Score[] | undefined {
  const file = join(directory, `${scenario.key}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Score[]) : undefined;
}
