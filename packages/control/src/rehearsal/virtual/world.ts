import { decide } from '../../command/decide.ts';
import type { Command, CommandBody } from '../../command/types.ts';
import { evolve } from '../../event/evolve.ts';
import type { FlagDefinition } from '../../flag/types.ts';
import type { Plan } from '../../plan/types.ts';
import type { RolloutState } from '../../rollout/types.ts';
import { createControlState } from '../../state/create.ts';
import type { ControlState } from '../../state/types.ts';

const PROJECT = 'default';
export const ENVIRONMENT = 'production';
export const FLAG = 'changed';
export const SERVICE = 'shop';

/** A control plane in memory with one flag, whose rollout has been started. */
export class ControlWorld {
  private readonly state: ControlState = createControlState();
  private position = 0;
  private nowMs: number;

  constructor(plan: Plan, startedAtMs: number) {
    this.nowMs = startedAtMs;
    this.accept({ type: 'createProject', key: PROJECT });
    this.accept({
      type: 'createEnvironment',
      key: ENVIRONMENT,
      owner: 'team',
      order: 0,
      unitSalt: 'salt',
    });
    this.accept({ type: 'putPlan', plan });
    this.accept({ type: 'putFlag', definition: flagOf(plan) });
    this.accept({ type: 'startRollout', flag: FLAG, environment: ENVIRONMENT });
  }

  get rollout(): RolloutState {
    const environment = this.state.projects.get(PROJECT)?.flags.get(FLAG)?.environments;
    const rollout = environment?.[ENVIRONMENT]?.rollout;
    if (rollout === undefined) throw new Error('the rollout did not start');
    return rollout;
  }

  /** Does what the controller commands, at this time. */
  obey(command: CommandBody, nowMs: number): void {
    this.nowMs = nowMs;
    this.accept(command, { kind: 'controller', id: 'controller' });
  }

  private accept(
    body: CommandBody,
    actor: Command['actor'] = { kind: 'person', id: 'owner' },
  ): void {
    const key = String(this.position);
    const command: Command = {
      project: PROJECT,
      actor,
      correlationId: key,
      idempotencyKey: key,
      ...body,
    };
    const decision = decide(this.state, command, { nowMs: this.nowMs });
    if (!decision.ok) throw new Error(`${body.type} was refused: ${decision.error.code}`);
    for (const event of decision.events) {
      this.position += 1;
      evolve(this.state, { position: this.position, previousHash: '', hash: '', body: event });
    }
  }
}

function flagOf(plan: Plan): FlagDefinition {
  return {
    key: FLAG,
    kind: 'release',
    type: 'boolean',
    owner: 'team',
    purpose: 'what is rolled out in virtual time',
    variants: { on: true, off: false },
    safe: 'off',
    affects: [],
    requires: { flags: [], services: [], migrations: [] },
    conflicts: [],
    environments: {
      [ENVIRONMENT]: {
        serve: 'off',
        rules: [],
        rollout: { plan: plan.key, to: 'on', attempt: 1 },
      },
    },
  };
}
