import type { Api, RolloutView } from '../harness/api.ts';
import type { Story } from './story.ts';
import { until } from './facts.ts';

const POLL_LINES = 60;

/** Follows several rollouts, says what changes, and resolves when each has come to an end. */
export async function followUntilSettled(
  api: Api,
  story: Story,
  flags: readonly string[],
): Promise<Map<string, RolloutView>> {
  const told = new Map<string, string>();
  return until('every rollout has come to an end', async () => {
    const views = new Map<string, RolloutView>();
    for (const flag of flags) {
      const view = await api.rollout(flag);
      views.set(flag, view);
      tellChange({ story, told }, flag, view);
    }
    story.live([...views].map(([flag, view]) => liveText(flag, view)).join('   '));
    return [...views.values()].every(isSettled) ? views : undefined;
  });
}

/** Completed, or rolled back with all three clocks of the proof. */
function isSettled(view: RolloutView): boolean {
  const status = view.rollout?.status;
  if (status === 'completed' || status === 'paused') return true;
  return status === 'rolledBack' && view.proof?.proven === true;
}

interface Telling {
  readonly story: Story;
  /** What was said last of each flag, and what was said at all. */
  readonly told: Map<string, string>;
}

function tellChange({ story, told }: Telling, flag: string, view: RolloutView): void {
  const text = changeText(view);
  if (told.get(flag) !== text) {
    told.set(flag, text);
    story.line(`${flag.padEnd(14)} ${text}`);
    if (view.rollout?.status === 'rolledBack') {
      for (const sentence of view.sentences) tellOnce({ story, told }, `${flag}: ${sentence}`);
    }
  }
  for (const clock of view.proof?.clocks ?? []) {
    if (clock.outcome === 'pending') continue;
    tellOnce(
      { story, told },
      `${flag.padEnd(14)} ${clock.clock}: ${clock.outcome}. ${clock.statement}`,
    );
  }
}

function tellOnce({ story, told }: Telling, text: string): void {
  if (told.has(text)) return;
  told.set(text, '');
  story.line(text);
}

function changeText(view: RolloutView): string {
  const { rollout } = view;
  if (rollout === undefined) return 'has no rollout';
  const share = `${rollout.sharePerMillion / 10_000} %`;
  const cause = rollout.cause === undefined ? '' : `: ${rollout.cause.text}`;
  if (rollout.status === 'measuring') return 'measures the baseline';
  if (rollout.status === 'running') return `runs at ${share}`;
  if (rollout.status === 'rolledBack') return `ROLLED BACK by the judge${cause}`;
  return `${rollout.status} at ${share}${cause}`;
}

function liveText(flag: string, view: RolloutView): string {
  const harm = Math.max(0, ...view.guardrails.map((each) => each.harm?.part ?? 0));
  const units = view.evidence?.units;
  const share = (view.rollout?.sharePerMillion ?? 0) / 10_000;
  return `${flag} ${share}% ${units?.treatment ?? 0}/${units?.control ?? 0} units, harm ${Math.round(harm * 100)}%`.slice(
    0,
    POLL_LINES,
  );
}
