import {
  type Command,
  type CommandBody,
  type ControlState,
  createControlState,
  decide,
  type Decision,
  evolve,
  type EventBody,
  type FlagDefinition,
  type LogEvent,
  type Plan,
} from '@downhaul/control';
import { expect } from 'vitest';

export const PERSON = { kind: 'person', id: 'ada' } as const;
export const SERVICE = { kind: 'service', id: 'ci' } as const;
export const CONTROLLER = { kind: 'controller', id: 'controller' } as const;
export const JUSTIFICATION = { page: 'why-1', mac: 'mac-1' };
export const SOME_FIGURES = { nextStageUnits: 0, hypotheses: {} };
export const SOME_CAUSE = { code: 'by_hand', text: 'A person asked for it.' };

type CommandInput = CommandBody & Partial<Omit<Command, keyof CommandBody>>;

/** A log in memory: decides, appends and folds as a store does, one second per command. */
export class World {
  readonly state: ControlState = createControlState();
  readonly log: LogEvent[] = [];
  nowMs = 1_700_000_000_000;

  decide(input: CommandInput): Decision {
    const command = {
      project: 'default',
      actor: PERSON,
      correlationId: 'c',
      idempotencyKey: `k${this.log.length}`,
      ...input,
    };
    return decide(this.state, command, { nowMs: this.nowMs });
  }

  /** Decides and appends; a refusal is returned and leaves the log alone. */
  send(input: CommandInput): Decision {
    this.nowMs += 1000;
    const decision = this.decide(input);
    if (decision.ok) this.append(decision.events);
    return decision;
  }

  /** The same, for commands that the test counts on. */
  accept(input: CommandInput): Extract<Decision, { ok: true }> {
    const decision = this.send(input);
    if (!decision.ok) expect.fail(`${input.type} was refused: ${JSON.stringify(decision.error)}`);
    return decision;
  }

  /** The code that a command is refused with. */
  refusal(input: CommandInput): string {
    const before = this.log.length;
    const decision = this.send(input);
    expect(this.log.length).toBe(before);
    return decision.ok ? 'accepted' : decision.error.code;
  }

  append(events: readonly EventBody[]): void {
    for (const body of events) {
      const position = this.log.length + 1;
      const event = { position, previousHash: '', hash: '', body };
      this.log.push(event);
      evolve(this.state, event);
    }
  }

  here(flag: string, environment = 'production') {
    return this.state.projects.get('default')?.flags.get(flag)?.environments[environment];
  }

  rollout(flag: string, environment = 'production') {
    return this.here(flag, environment)?.rollout;
  }
}

/** A world with a project, its environments staging and production, and a plan in three stages. */
export function startedWorld(): World {
  const world = new World();
  world.accept({ type: 'createProject', key: 'default' });
  for (const [order, key] of ['staging', 'production'].entries()) {
    world.accept({ type: 'createEnvironment', key, owner: 'team', order, unitSalt: `salt-${key}` });
  }
  world.accept({ type: 'putPlan', plan: somePlan() });
  return world;
}

const MINUTE_MS = 60_000;

export function somePlan(change: Partial<Plan> = {}): Plan {
  return {
    key: 'canary',
    unit: 'targetingKey',
    baselineMs: 5 * MINUTE_MS,
    stages: [10_000, 250_000, 1_000_000].map((sharePerMillion) => ({
      allocations: [{ sharePerMillion }],
      bakeMs: 30 * MINUTE_MS,
      minimumSample: 0,
    })),
    guardrails: [
      {
        metric: 'http.error_rate',
        worse: 'higher',
        margin: { relative: 0.05, absolute: 0.0005 },
        weight: 1,
      },
    ],
    signals: [],
    success: [],
    harmBudget: 50,
    reactionTimeMs: 30 * MINUTE_MS,
    batchMs: MINUTE_MS,
    horizonsMs: [MINUTE_MS],
    holdbackPerMillion: 0,
    whenBlind: { holdMs: 30 * MINUTE_MS, then: 'hold', treatmentOnly: 'rollback' },
    whenStageTooLong: { afterMs: 12 * 60 * MINUTE_MS, then: 'pause' },
    alphaHarm: 0.01,
    alphaNonInferiority: 0.05,
    alphaSrm: 0.001,
    proof: { reachedMs: 30_000, silentMs: 60_000, recoveredMs: 15 * MINUTE_MS },
    ...change,
  };
}

/** An unguarded plan that enters its first stage at once. */
export function quickPlan(change: Partial<Plan> = {}): Plan {
  return somePlan({ key: 'quick', baselineMs: 0, guardrails: [], ...change });
}

export function someFlag(change: Partial<FlagDefinition> = {}): FlagDefinition {
  return {
    key: 'new-checkout',
    kind: 'release',
    type: 'boolean',
    owner: 'team-checkout',
    purpose: 'one-page checkout',
    variants: { on: true, off: false },
    safe: 'off',
    affects: [],
    requires: { flags: [], services: [], migrations: [] },
    conflicts: [],
    environments: {
      production: { serve: 'off', rules: [], rollout: { plan: 'canary', to: 'on', attempt: 1 } },
    },
    ...change,
  };
}
