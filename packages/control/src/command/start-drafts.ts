import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { isSafeVariant } from '../flag/is-safe-variant.ts';
import { mayNotRaise } from '../flag/may-raise.ts';
import { freezeMetrics } from '../metric/freeze-metrics.ts';
import { projectMetrics } from '../metric/known-metrics.ts';
import { audiencesOf } from '../plan/audiences-of.ts';
import { checkPlanMetrics } from '../plan/check-plan-metrics.ts';
import { checkPlan } from '../plan/check-plan.ts';
import { raisesAtOnce } from '../plan/check-stages.ts';
import { stageAllocations } from '../plan/stage-allocations.ts';
import type { Plan } from '../plan/types.ts';
import { rehearsalObstacle } from '../rehearsal/record/obstacle.ts';
import { rolloutPosition, transition } from '../rollout/transitions.ts';
import type { RolloutState } from '../rollout/types.ts';
import { unknownSegments } from '../segment/references.ts';
import { type Draft, type Found, found, hasProblems, refused, refusedFor } from './decision.ts';
import type { FlagSite } from './find.ts';
import { transitionError } from './next-of.ts';
import type { Command } from './types.ts';

/** The attempts that may start without a person (settled question 7). */
const ATTEMPTS_WITHOUT_PERSON = 3;
const MOST_ATTEMPTS = 1000;

/** Which rollout is to start, and who asks for it. */
export interface StartRequest {
  readonly plan?: string | Plan;
  readonly to?: string;
  /** The number that a document asks for; absent: the next one. */
  readonly attempt?: number;
  readonly atOnce: boolean;
  /** A new salt, only where a reshuffle was asked for by name. */
  readonly salt?: string;
  /** The store's clock. */
  readonly nowMs: number;
  readonly command: Pick<Command, 'actor' | 'justification'>;
}

/** A checked start. */
interface Start {
  readonly plan: Plan;
  readonly to: string;
  readonly attempt: number;
}

/** The events that start a rollout: the attempt, and its first stage where nothing is measured before. */
export function startDrafts(site: FlagSite, request: StartRequest): Found<readonly Draft[]> {
  const ready = checkReady(site);
  if (ready !== undefined) return refused(ready);
  const start = resolve(site, request);
  if (!start.ok) return start;
  const obstacle = checkStart(site, request, start.value);
  return obstacle === undefined ? found(draftsOf(site, request, start.value)) : refused(obstacle);
}

function checkReady(site: FlagSite): DomainError | undefined {
  const { flag, environment, here, definition } = site;
  if (here.down) {
    return domainError('flag_down', { flag: flag.key, environment: environment.key });
  }
  const step = transition(here.rollout, 'startRollout');
  if ('refused' in step) return transitionError(step.refused, site);
  return stillServed(here.rollout, definition.serve);
}

/**
 * A new attempt begins at share zero, with `serve` as its control. Where the last one still gives
 * everyone something else, its start would move all of them at once, down or up.
 */
function stillServed(rollout: RolloutState | undefined, serve: string): DomainError | undefined {
  const position = rolloutPosition(rollout);
  if (rollout === undefined) return undefined;
  if (position === 'rolledBack' && rollout.control !== serve) {
    const facts = { rollout: rollout.id, variant: rollout.control, serve };
    return domainError('rollout_rolled_back_serves', facts);
  }
  const isServed = position === 'completed' || position === 'watchOver';
  if (!isServed || rollout.to === serve) return undefined;
  return domainError('rollout_completed_serves', {
    rollout: rollout.id,
    variant: rollout.to,
    serve,
  });
}

function resolve(site: FlagSite, request: StartRequest): Found<Start> {
  const declared = site.definition.rollout;
  const named = request.plan ?? declared?.plan;
  const to = request.to ?? declared?.to;
  if (named === undefined || to === undefined) {
    const facts = { flag: site.flag.key, environment: site.environment.key };
    return refused(domainError('rollout_not_declared', facts, { path: '/plan' }));
  }
  const plan = resolvePlan(site, named);
  if (!plan.ok) return plan;
  const attempt = request.attempt ?? (site.here.rollout?.attempt ?? 0) + 1;
  return found({ plan: plan.value, to, attempt });
}

function resolvePlan({ project }: FlagSite, named: string | Plan): Found<Plan> {
  const plan = typeof named === 'string' ? project.plans.get(named)?.plan : named;
  const place = { path: '/plan' };
  if (plan === undefined) {
    const facts = { plan: typeof named === 'string' ? named : '', project: project.key };
    const accepted = [...project.plans.keys()].join(', ');
    return refused(domainError('plan_unknown', facts, { ...place, accepted }));
  }
  const metrics = projectMetrics(project);
  const problems = [
    ...checkPlan(plan, place.path),
    ...checkPlanMetrics(plan, metrics, place.path),
    ...unknownSegments(project, audiencesOf(plan, place.path)),
  ];
  return hasProblems(problems) ? refusedFor(problems) : found(freezeMetrics(plan, metrics));
}

function checkStart(site: FlagSite, request: StartRequest, start: Start): DomainError | undefined {
  return (
    checkTarget(site, start) ??
    checkWatch(request, start) ??
    checkRehearsed(site, request, start) ??
    checkAttempt(site, request, start) ??
    checkAtOnce(request, start) ??
    mayNotRaise(site.project, site.environment.key, site.flag.definition)
  );
}

function checkTarget(
  { flag, environment, definition }: FlagSite,
  { to }: Start,
): DomainError | undefined {
  const facts = { flag: flag.key, variant: to, environment: environment.key };
  const { variants } = flag.definition;
  if (!Object.hasOwn(variants, to)) {
    const accepted = Object.keys(variants).join(', ');
    return domainError('flag_variant_unknown', facts, { path: '/to', accepted });
  }
  if (isSafeVariant(flag.definition, to))
    return domainError('rollout_target_is_safe', facts, { path: '/to' });
  if (to !== definition.serve) return undefined;
  return domainError('rollout_target_is_control', facts, { path: '/to' });
}

/** A day that has passed would mean no watch at all, and say so nowhere. */
function checkWatch({ nowMs }: StartRequest, { plan }: Start): DomainError | undefined {
  const untilMs = plan.watch?.untilMs;
  if (untilMs === undefined || untilMs > nowMs) return undefined;
  const until = new Date(untilMs).toISOString().slice(0, 10);
  const facts = { plan: plan.key || 'this flag', until };
  return domainError('plan_watch_over', facts, { path: '/plan/watch/until' });
}

function checkRehearsed(
  { project, environment }: FlagSite,
  { nowMs }: StartRequest,
  { plan }: Start,
): DomainError | undefined {
  return rehearsalObstacle({ project, environment: environment.key, plan, nowMs });
}

function checkAttempt(
  { flag, environment }: FlagSite,
  { command }: StartRequest,
  { attempt }: Start,
): DomainError | undefined {
  const facts = { flag: flag.key, environment: environment.key, attempt };
  if (attempt > MOST_ATTEMPTS) {
    return domainError('rollout_attempts_exhausted', { ...facts, limit: MOST_ATTEMPTS });
  }
  if (attempt <= ATTEMPTS_WITHOUT_PERSON || command.actor.kind === 'person') return undefined;
  return domainError('rollout_needs_person', facts);
}

function checkAtOnce({ atOnce, command }: StartRequest, { plan }: Start): DomainError | undefined {
  if (!raisesAtOnce(plan) || (atOnce && command.justification !== undefined)) return undefined;
  return domainError(
    'rollout_at_once_needs_option',
    { plan: plan.key },
    { path: '/plan/stages/0' },
  );
}

function draftsOf(site: FlagSite, request: StartRequest, start: Start): readonly Draft[] {
  const { plan, to, attempt } = start;
  const flag = site.flag.key;
  const environment = site.environment.key;
  const started = {
    type: 'rolloutStarted',
    flag,
    environment,
    attempt,
    plan,
    to,
    control: site.definition.serve,
    // A restart keeps the same units in the same order; so does the first attempt everywhere.
    salt: request.salt ?? site.here.rollout?.salt ?? flag,
    atOnce: request.atOnce,
  } as const;
  const first = { payload: started, environments: [environment] };
  return plan.baselineMs > 0 ? [first] : [first, firstStage({ flag, environment, plan })];
}

/** Nothing is judged without a baseline, so there are no figures to freeze. */
function firstStage(into: {
  readonly flag: string;
  readonly environment: string;
  readonly plan: Plan;
}): Draft {
  const { flag, environment, plan } = into;
  const figures = { nextStageUnits: 0, hypotheses: {} };
  const allocations = stageAllocations(plan, 0);
  return {
    payload: { type: 'rolloutStageEntered', flag, environment, stage: 0, allocations, figures },
    environments: [environment],
  };
}
