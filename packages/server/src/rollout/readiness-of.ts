import { type ControlState, decide, type RolloutState } from '@downhaul/control';

interface Readiness {
  readonly ok: boolean;
  readonly cause: string;
}

/** Refusals of a step up that speak of other flags, not of the rollout itself. */
const NOT_READY = new Set(['flag_requirement_unmet', 'flag_conflict']);

/** Whether what a rollout requires would let it go up now: by asking the domain, without doing it. */
export function readinessOf(state: ControlState, rollout: RolloutState): Readiness {
  const { project, environment, flag } = rollout;
  const asked = rollout.status === 'held' ? asIfRunning(state, rollout) : state;
  const decision = decide(
    asked,
    {
      type: 'advanceRollout',
      project,
      environment,
      flag,
      figures: { nextStageUnits: 1, hypotheses: {} },
      actor: { kind: 'controller', id: 'controller' },
      correlationId: 'readiness',
      idempotencyKey: 'readiness',
    },
    { nowMs: rollout.statusSinceMs },
  );
  if (decision.ok || !NOT_READY.has(decision.error.code)) return { ok: true, cause: '' };
  return { ok: false, cause: decision.error.message };
}

/** The state in which this rollout is not held: a held one is refused before anything else is asked. */
function asIfRunning(state: ControlState, rollout: RolloutState): ControlState {
  const project = state.projects.get(rollout.project);
  const flag = project?.flags.get(rollout.flag);
  const here = flag?.environments[rollout.environment];
  if (!project || !flag || !here) return state;
  const running = { ...here, rollout: { ...rollout, status: 'running' as const } };
  const environments = { ...flag.environments, [rollout.environment]: running };
  const flags = new Map(project.flags).set(flag.key, { ...flag, environments });
  const projects = new Map(state.projects).set(project.key, { ...project, flags });
  return { ...state, projects };
}
