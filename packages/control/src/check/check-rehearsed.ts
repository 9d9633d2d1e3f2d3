import { freezeMetrics } from '../metric/freeze-metrics.ts';
import { projectMetrics } from '../metric/known-metrics.ts';
import { rehearsalObstacle, rehearsalOf } from '../rehearsal/record/obstacle.ts';
import { shareOf } from '../rehearsal/result/share.ts';
import type { RehearsalState } from '../state/types.ts';
import { durationText } from './duration-text.ts';
import type { CheckInput, CheckItem } from './types.ts';

/** Whether exactly this plan was rehearsed, and what came of it. Not in the way unless the plan asks for it. */
export function checkRehearsed({
  state,
  project: key,
  environment,
  plan: asWritten,
  nowMs,
}: CheckInput): CheckItem[] {
  const project = state.projects.get(key);
  if (project === undefined) return [];
  const plan = freezeMetrics(asWritten, projectMetrics(project));
  const asked = { project, environment, plan, nowMs };
  const obstacle = rehearsalObstacle(asked);
  const record = rehearsalOf(asked);
  const text = record === undefined ? 'This plan has not been rehearsed.' : told(record, nowMs);
  return [
    {
      code: 'rehearsed',
      ok: obstacle === undefined,
      text: obstacle === undefined ? text : obstacle.message,
      remedy: obstacle === undefined ? '' : 'Run `downhaul rehearse`.',
    },
  ];
}

function told({ scenarios, runs, atMs, expiresAtMs }: RehearsalState, nowMs: number): string {
  const demanded = scenarios.filter((each) => each.demanded);
  const healthy = demanded.find(({ truth }) => truth === 'healthy');
  const worst = demanded
    .filter(({ truth }) => truth === 'harmful')
    .toSorted((one, other) => other.reachedLast - one.reachedLast)[0];
  const parts = [
    ...(healthy === undefined
      ? []
      : [`${healthy.completed} of ${healthy.runs} healthy rollouts completed`]),
    ...(worst === undefined
      ? []
      : [`«${worst.scenario}» was missed in ${percent(worst.reachedLast, worst.runs)}`]),
  ];
  const old = nowMs >= expiresAtMs ? ', too long ago to count' : '';
  const age = durationText(Math.max(0, nowMs - atMs));
  // A rehearsal of nothing but scenarios of one's own has none that the plan must find or leave alone.
  const what = parts.length > 0 ? parts.join('; ') : scenarios.map(others).join('; ');
  return `Rehearsed ${age} ago${old} with ${runs} runs per scenario: ${what}.`;
}

function others({ scenario, reachedLast, runs }: RehearsalState['scenarios'][number]): string {
  return `«${scenario}» reached the last stage in ${percent(reachedLast, runs)}`;
}

function percent(count: number, of: number): string {
  const { share, high } = shareOf(count, of);
  const text = (value: number) => `${Number((value * 100).toFixed(1))} %`;
  return `${text(share)} (at most ${text(high)})`;
}
