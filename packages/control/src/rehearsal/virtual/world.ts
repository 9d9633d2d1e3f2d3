import { decide } from '../../command/decide.ts';
import type { Command, CommandBody } from '../../command/types.ts';
import { evolve } from '../../event/evolve.ts';
import type { FlagDefinition } from '../../flag/types.ts';
import { BUILT_IN_METRICS } from '../../metric/built-in.ts';
import { audiencesOf } from '../../plan/audiences-of.ts';
import { raisesAtOnce } from '../../plan/check-stages.ts';
import type { Plan } from '../../plan/types.ts';
import type { RolloutState } from '../../rollout/types.ts';
import { segmentsOf } from '../../segment/references.ts';
import { createControlState } from '../../state/create.ts';
import type { ControlState } from '../../state/types.ts';

const PROJECT = 'default';
const AT_ONCE = { atOnce: true, justification: { page: 'rehearsal', mac: '' } } as const;
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
    const named = namedPlan(plan);
    this.define(plan);
    this.accept({ type: 'putPlan', plan: named });
    this.accept({ type: 'putFlag', definition: flagOf(named) });
    const start = { type: 'startRollout', flag: FLAG, environment: ENVIRONMENT } as const;
    // Whoever rehearses a plan that raises everyone at once has asked for it.
    this.accept(raisesAtOnce(plan) ? { ...start, ...AT_ONCE } : start);
  }

  /** What the plan names: its metrics as it knows them, and segments that nobody asks for their units. */
  private define(plan: Plan): void {
    for (const metric of plan.metrics ?? []) {
      if (!BUILT_IN_METRICS.has(metric.key)) this.accept({ type: 'putMetric', metric });
    }
    const named = audiencesOf(plan).flatMap(({ condition }) => segmentsOf(condition));
    for (const key of new Set(named)) {
      const nobody = { attribute: 'targetingKey', exists: false } as const;
      this.accept({ type: 'putSegment', key, if: nobody, owner: 'team' });
    }
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

/** A plan may have no name where it is written in a flag, and what it asks of rehearsals is not asked here. */
function namedPlan(plan: Plan): Plan {
  const named: { -readonly [Name in keyof Plan]: Plan[Name] } = { ...plan };
  delete named.rehearsal;
  if (named.key === '') named.key = 'rehearsed';
  return named;
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
