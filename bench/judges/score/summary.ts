import type { Scenario } from '../scenario/types.ts';
import type { Scored } from './matrix.ts';
import type { Score } from './score.ts';
import { targetsOf } from './targets.ts';

/** The benchmark in a line. */
export function summaryOf(done: readonly Scored[], elapsedMs: number): string {
  const targets = targetsOf(done);
  const met = targets.filter(({ is }) => is !== 'not met').length;
  return (
    `Downhaul: ${count(done, 'healthy', ({ rolledBack }) => rolledBack.share)} healthy runs rolled back, ` +
    `${count(done, 'harmful', ({ reachedAll }) => reachedAll.share)} harmful runs reached 100 %; ` +
    `${met} of ${targets.length} targets met or within noise; ` +
    `${done.length} scenarios in ${(elapsedMs / 1_000).toFixed(0)} s.`
  );
}

function count(
  done: readonly Scored[],
  truth: Scenario['truth'],
  shareOf: (score: Score) => number,
): string {
  let [hits, runs] = [0, 0];
  for (const { scenario, scores } of done) {
    const own = scores.find(({ judge }) => judge === 'downhaul');
    if (scenario.truth !== truth || own === undefined) continue;
    runs += own.runs;
    hits += Math.round(shareOf(own) * own.runs);
  }
  return `${hits} of ${runs}`;
}
