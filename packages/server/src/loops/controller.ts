import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CommandBody, type ControllerStep, type RolloutState } from '@downhaul/control';
import type { ServerContext } from '../http/context.ts';
import { judgeRollout } from '../rollout/judge-rollout.ts';

interface Controller {
  /** Looks once at every rollout that may need a decision. */
  look(): Promise<void>;
}

/** At the longest, a rollout about which nothing new came in is looked at after so long again. */
const LOOK_AGAIN_MS = 5_000;
/** So long the loop works before other requests get their turn. */
const TURN_MS = 10;

interface Looked {
  readonly atMs: number;
  readonly rollout: RolloutState;
  readonly flagDown: boolean;
  readonly closedBatches: number;
}

/**
 * Takes the machine's decisions. Each goes through the same append as a person's, under a key made of
 * what it was decided on, so that it is taken once however many looked.
 */
export function createController(context: ServerContext): Controller {
  const { log, metrics, logger } = context;
  metrics.declare(
    'downhaul_decisions_total',
    'counter',
    'Decisions of the controller, by command.',
  );
  const looked = new Map<string, Looked>();
  return {
    look: async () => {
      let turnMs = performance.now();
      for (const site of activeSites(context)) {
        await lookSafely(site);
        if (performance.now() - turnMs < TURN_MS) continue;
        await nextTurn();
        turnMs = performance.now();
      }
      forget();
    },
  };

  /** One rollout that fails must not keep the others waiting. */
  async function lookSafely(site: Site): Promise<void> {
    try {
      if (isDue(site)) await decideFor(context, site);
    } catch (error) {
      metrics.count('downhaul_loop_failures_total', 1, { loop: 'rollout' });
      logger.error({ err: error, rollout: site.rollout.id }, 'a rollout could not be judged');
    }
  }

  function isDue({ rollout, flagDown }: Site): boolean {
    const nowMs = context.store.nowMs();
    const closedBatches = context.intake.state.rollouts.get(rollout.id)?.closedBatches ?? 0;
    const last = looked.get(rollout.id);
    const again = Math.min(rollout.plan.batchMs, LOOK_AGAIN_MS);
    const due =
      last?.rollout !== rollout ||
      last.flagDown !== flagDown ||
      last.closedBatches !== closedBatches ||
      nowMs - last.atMs >= again;
    if (due) looked.set(rollout.id, { atMs: nowMs, rollout, flagDown, closedBatches });
    return due;
  }

  function forget(): void {
    for (const [id, { rollout }] of looked) {
      const { project, flag, environment } = rollout;
      const present = log.state.projects.get(project)?.flags.get(flag)?.environments[environment];
      if (present?.rollout?.id !== id || !isActive(present.rollout)) looked.delete(id);
    }
  }
}

interface Site {
  readonly rollout: RolloutState;
  readonly flagDown: boolean;
}

function activeSites({ log }: ServerContext): readonly Site[] {
  const sites: Site[] = [];
  for (const { flags } of log.state.projects.values()) {
    for (const { environments } of flags.values()) {
      for (const key in environments) {
        const here = environments[key];
        if (here?.rollout && isActive(here.rollout)) {
          sites.push({ rollout: here.rollout, flagDown: here.down });
        }
      }
    }
  }
  return sites;
}

function isActive({ status }: RolloutState): boolean {
  return status !== 'ended' && status !== 'rolledBack';
}

async function decideFor(context: ServerContext, site: Site): Promise<void> {
  const { step, failed } = judgeRollout(context, site);
  if (failed) context.metrics.count('downhaul_loop_failures_total', 1, { loop: 'rollout' });
  const { rollout } = site;
  if (step.command) await carryOut(context, { rollout, step, command: step.command });
}

interface Decided {
  readonly rollout: RolloutState;
  readonly step: ControllerStep;
  readonly command: CommandBody;
}

async function carryOut(
  context: ServerContext,
  { rollout, step, command }: Decided,
): Promise<void> {
  const { log, logger, metrics, ids } = context;
  const { id, stage, status, version, statusSinceMs } = rollout;
  const key = `${id}/${stage}/${status}/${version}/${statusSinceMs}/${step.step}/${command.type}`;
  const outcome = await log.execute(
    {
      project: rollout.project,
      actor: { kind: 'controller', id: 'controller' },
      correlationId: ids.uuid(),
      idempotencyKey: key,
      ...(isWayDown(command) ? {} : { expectedVersions: { [`rollout:${id}`]: version } }),
      ...command,
    },
    { commandHash: key, urgent: isWayDown(command) },
  );
  if (outcome.kind === 'refused') {
    logger.warn({ rollout: id, step: step.step, code: outcome.error.code }, outcome.error.message);
    return;
  }
  metrics.count('downhaul_decisions_total', 1, { command: command.type });
  logger.info({ rollout: id, step: step.step, command: command.type }, 'decided');
}

function isWayDown({ type }: CommandBody): boolean {
  return type === 'rollbackRollout' || type === 'pauseRollout' || type === 'holdRollout';
}
