import {
  applyDelta,
  compile,
  type Snapshot,
  type SnapshotDelta,
  validateSnapshot,
} from '@downhaul/engine';
import {
  buildSnapshot,
  type CommandBody,
  createControlState,
  deserializeState,
  evolve,
  type FlagDefinition,
  type Plan,
  serializeState,
  SnapshotBuilder,
} from '@downhaul/control';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { World } from '../support/world.ts';
import {
  CONTROLLER,
  JUSTIFICATION,
  PERSON,
  quickPlan,
  SERVICE,
  SOME_CAUSE,
  SOME_FIGURES,
  someFlag,
  somePlan,
  startedWorld,
} from '../support/world.ts';

const PLACE = { project: 'default', environment: 'production' } as const;
const NO_PAGES = { pages: () => undefined };
const MINUTE_MS = 60_000;

/** `dependant` requires `base`, `rival` conflicts with it. */
const FLAGS = ['base', 'dependant', 'rival'] as const;
type FlagKey = (typeof FLAGS)[number];

const TENANT = { attribute: 'tenant', in: ['acme'] } as const;
const stage = (allocations: Plan['stages'][number]['allocations']) => ({
  allocations,
  bakeMs: MINUTE_MS,
  minimumSample: 0,
});

const PLANS: Readonly<Record<string, Plan>> = {
  canary: somePlan(),
  quick: quickPlan(),
  heldBack: somePlan({ key: 'heldback', holdbackPerMillion: 100_000 }),
  short: quickPlan({ key: 'short', stages: [stage([{ sharePerMillion: 500_000 }])] }),
  atOnce: quickPlan({ key: 'at-once', stages: [stage([{ sharePerMillion: 1_000_000 }])] }),
  byTenant: somePlan({
    key: 'bytenant',
    stages: [
      stage([{ audience: TENANT, sharePerMillion: 500_000 }]),
      stage([{ sharePerMillion: 200_000 }, { audience: TENANT, sharePerMillion: 800_000 }]),
      stage([{ sharePerMillion: 1_000_000 }]),
    ],
  }),
};

const UNITS = Array.from({ length: 120 }, (_, index) => ({
  targetingKey: `unit-${index}`,
  ...(index % 3 === 0 ? { tenant: 'acme' } : {}),
}));

function definitionOf(flag: FlagKey, serve: string, attempt: number): FlagDefinition {
  return someFlag({
    key: flag,
    requires: {
      flags: flag === 'dependant' ? [{ flag: 'base', variant: 'on' }] : [],
      services: [],
      migrations: [],
    },
    conflicts: flag === 'rival' ? ['base'] : [],
    environments: {
      production: { serve, rules: [], rollout: { plan: 'canary', to: 'on', attempt } },
    },
  });
}

type Step = CommandBody & Partial<Pick<Parameters<World['send']>[0], 'actor' | 'justification'>>;

const anyFlag = fc.constantFrom('base' as const, ...FLAGS);
const anyActor = fc.constantFrom(PERSON, SERVICE, CONTROLLER);

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 16, arbitrary: onFlag('advanceRollout', { figures: SOME_FIGURES }) },
  { weight: 2, arbitrary: onFlag('holdRollout', { cause: SOME_CAUSE }) },
  { weight: 2, arbitrary: onFlag('releaseRollout', {}) },
  { weight: 2, arbitrary: onFlag('pauseRollout', { cause: SOME_CAUSE }) },
  { weight: 2, arbitrary: onFlag('resumeRollout', {}) },
  { weight: 2, arbitrary: onFlag('rollbackRollout', { cause: SOME_CAUSE }) },
  { weight: 2, arbitrary: onFlag('completeRollout', {}) },
  { weight: 2, arbitrary: onFlag('endWatch', {}) },
  { weight: 2, arbitrary: onFlag('downFlag', {}) },
  { weight: 3, arbitrary: onFlag('upFlag', {}) },
  { weight: 6, arbitrary: anyStart() },
  { weight: 3, arbitrary: anyPut() },
  { weight: 1, arbitrary: anyFlag.map((flag): Step => ({ type: 'archiveFlag', flag })) },
  { weight: 1, arbitrary: anyProof() },
);

function onFlag(type: CommandBody['type'], facts: object): fc.Arbitrary<Step> {
  return fc
    .record({ flag: anyFlag, actor: anyActor })
    .map((each) => ({ type, environment: 'production', ...facts, ...each }) as unknown as Step);
}

function anyStart(): fc.Arbitrary<Step> {
  const plan = fc.constantFrom(...Object.values(PLANS));
  return fc
    .record({ flag: anyFlag, actor: anyActor, plan, to: fc.constantFrom('on', 'off') })
    .map((each) => ({ type: 'startRollout', environment: 'production', ...each }) as const);
}

function anyPut(): fc.Arbitrary<Step> {
  return fc
    .record({
      flag: anyFlag,
      serve: fc.constantFrom('on', 'off'),
      attempt: fc.integer({ min: 1, max: 4 }),
      atOnce: fc.boolean(),
      actor: anyActor,
    })
    .map(({ flag, serve, attempt, atOnce, actor }) => ({
      type: 'putFlag',
      definition: definitionOf(flag, serve, attempt),
      actor,
      atOnce,
      ...(atOnce ? { justification: JUSTIFICATION } : {}),
    }));
}

/** The newest proof of a flag, found when the step is taken. */
function anyProof(): fc.Arbitrary<Step> {
  const clock = fc.constantFrom('reached', 'silent', 'recovered');
  return fc.record({ flag: anyFlag, clock }).map(({ flag, clock: each }) => ({
    type: 'recordProof',
    proof: flag,
    clock: each,
    outcome: 'proven',
    statement: '',
    missing: [],
  }));
}

/** Commands after which nobody may be raised, and commands after which nobody may have lost anything. */
const DOWNWARD = new Set([
  'rollbackRollout',
  'downFlag',
  'pauseRollout',
  'holdRollout',
  'archiveFlag',
]);
const UPWARD = new Set([
  'startRollout',
  'advanceRollout',
  'completeRollout',
  'endWatch',
  'upFlag',
  'holdRollout',
  'releaseRollout',
  'pauseRollout',
  'resumeRollout',
  'recordProof',
]);

/** A world with its snapshot followed event by event, as a server follows it. */
class FollowedWorld {
  readonly world = startedWorld();
  readonly builder = new SnapshotBuilder(NO_PAGES);
  snapshot: Snapshot;

  constructor() {
    for (const flag of FLAGS) {
      this.world.accept({ type: 'putFlag', definition: definitionOf(flag, 'off', 1) });
    }
    this.builder.delta(this.world.state, PLACE);
    this.snapshot = this.#built();
  }

  /** Takes a step and checks what holds of every step; says whether it was accepted. */
  take(step: Step): boolean {
    const { world } = this;
    const command = this.#resolved(step);
    const stateBefore = serializeState(world.state);
    const raisedBefore = this.raised();
    world.decide(command);
    expect(serializeState(world.state)).toBe(stateBefore);
    const from = world.log.length;
    const decision = world.send(command);
    if (!decision.ok) {
      expect(serializeState(world.state)).toBe(stateBefore);
      return false;
    }
    for (const event of world.log.slice(from)) this.builder.note(world.state, event);
    this.#follow();
    this.#checkRaised(step, raisedBefore);
    this.#checkWayDown();
    return true;
  }

  /** Per flag, the units that get another variant than safe. */
  raised(): ReadonlyMap<FlagKey, ReadonlySet<string>> {
    const evaluator = compile(this.snapshot);
    return new Map(
      FLAGS.map((flag) => [
        flag,
        new Set(
          UNITS.filter((unit) => evaluator.evaluate(flag, unit).variant === 'on').map(
            ({ targetingKey }) => targetingKey,
          ),
        ),
      ]),
    );
  }

  #built(): Snapshot {
    const snapshot = buildSnapshot(this.world.state, PLACE, NO_PAGES);
    if (snapshot === undefined) expect.fail('there is no environment');
    return snapshot;
  }

  /** The kept snapshot, its delta and one built from nothing agree, and evaluators accept it. */
  #follow(): void {
    const before = this.snapshot;
    const delta = this.builder.delta(this.world.state, PLACE);
    const built = this.#built();
    expect(this.builder.snapshot(this.world.state, PLACE)).toEqual(built);
    expect(built.version).toBe(
      this.world.state.projects.get('default')?.environments.get('production')?.version,
    );
    if (delta === undefined) expect(built).toEqual(before);
    else expect(appliedTo(before, delta)).toEqual(built);
    for (const { version } of Object.values(built.flags)) {
      expect(version).toBeLessThanOrEqual(built.version);
    }
    expect(validateSnapshot(built)).toMatchObject({ ok: true });
    this.snapshot = built;
  }

  #checkRaised(step: Step, before: ReadonlyMap<FlagKey, ReadonlySet<string>>): void {
    const after = this.raised();
    const isUnaskedPut = step.type === 'putFlag' && step.atOnce !== true;
    for (const flag of FLAGS) {
      const gained = [...after.get(flag)!].filter((unit) => !before.get(flag)!.has(unit));
      const lost = [...before.get(flag)!].filter((unit) => !after.get(flag)!.has(unit));
      if (DOWNWARD.has(step.type) || isUnaskedPut)
        expect([step.type, flag, gained]).toEqual([step.type, flag, []]);
      if (UPWARD.has(step.type)) expect([step.type, flag, lost]).toEqual([step.type, flag, []]);
      if (this.world.here(flag)?.down === true) expect(after.get(flag)).toEqual(new Set());
      expect(this.world.rollout(flag)?.salt ?? flag).toBe(flag);
    }
  }

  /** In every state, whatever the client expected: down and rollback are accepted. */
  #checkWayDown(): void {
    for (const flag of FLAGS) {
      if (this.world.state.projects.get('default')?.flags.get(flag)?.archived === true) continue;
      const stale = { environment: 'production', flag, expectedVersions: { [`flag:${flag}`]: -1 } };
      expect(this.world.decide({ type: 'downFlag', ...stale })).toMatchObject({ ok: true });
      if (this.world.rollout(flag) === undefined) continue;
      const rollback = {
        type: 'rollbackRollout',
        cause: SOME_CAUSE,
        actor: SERVICE,
        ...stale,
      } as const;
      expect(this.world.decide(rollback)).toMatchObject({ ok: true });
    }
  }

  #resolved(step: Step): Step {
    if (step.type !== 'recordProof') return step;
    return { ...step, proof: this.world.here(step.proof)?.proof ?? 'none' };
  }
}

function appliedTo(before: Snapshot, delta: SnapshotDelta): Snapshot {
  const result = applyDelta(before, delta);
  if (!result.ok) expect.fail(`the delta does not fit: ${result.message}`);
  return result.snapshot;
}

test('random commands keep the rules of SPEC.md', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const followed = new FollowedWorld();
      for (const step of steps) followed.take(step);
      checkReplay(followed.world);
    }),
    { numRuns: 150, seed: 20261 },
  );
});

/** The same log gives the same state, from its beginning and from any stored state. */
function checkReplay(world: World): void {
  const replayed = createControlState();
  let resumed = createControlState();
  for (const event of world.log) {
    evolve(replayed, event);
    evolve(resumed, event);
    if (event.position % 5 === 0) resumed = deserializeState(serializeState(resumed));
  }
  expect(replayed).toEqual(world.state);
  expect(resumed).toEqual(world.state);
}

test('the random commands reach every status and refuse often', () => {
  const statuses = new Set<string>();
  const outcomes = { accepted: 0, refused: 0 };
  for (const steps of fc.sample(fc.array(anyStep, { minLength: 60, maxLength: 60 }), {
    numRuns: 80,
    seed: 20262,
  })) {
    const followed = new FollowedWorld();
    for (const step of steps) {
      outcomes[followed.take(step) ? 'accepted' : 'refused']++;
      for (const flag of FLAGS) statuses.add(followed.world.rollout(flag)?.status ?? 'none');
    }
  }
  expect([...statuses].sort()).toEqual(
    ['completed', 'ended', 'held', 'measuring', 'none', 'paused', 'rolledBack', 'running'].sort(),
  );
  expect(outcomes.accepted).toBeGreaterThan(400);
  expect(outcomes.refused).toBeGreaterThan(400);
});
