import {
  checkBeforeStart,
  deserializeState,
  freezeMetrics,
  type Plan,
  planDigest,
  projectMetrics,
  type RecordedScenario,
  type RehearsalRecord,
  serializeState,
} from '@downhaul/control';
import { JUDGE_VERSION } from '@downhaul/judge';
import { describe, expect, test } from 'vitest';
import { Intake } from '../support/intake.ts';
import { JUSTIFICATION, SOME_CAUSE, someFlag, somePlan, startedWorld } from '../support/world.ts';

const DAY_MS = 86_400_000;
const SITE = { flag: 'new-checkout', environment: 'production' } as const;
const START = { type: 'startRollout', ...SITE } as const;
const DEMAND = { required: true, withinMs: 7 * DAY_MS, falseRollback: 0.02, missed: 0.1 };

const HEALTHY: RecordedScenario = {
  ...{ scenario: 'healthy', truth: 'healthy', demanded: true, runs: 300 },
  ...{ rolledBack: 0, reachedLast: 300, completed: 300 },
};
const DOUBLED: RecordedScenario = {
  ...{ scenario: 'errors x2', truth: 'harmful', demanded: true, runs: 300 },
  ...{ rolledBack: 299, reachedLast: 1, completed: 1, harmedUnits: { p50: 20, p90: 30 } },
};

/** A world whose plan asks for a rehearsal. */
function demandingWorld(change: Partial<Plan> = {}) {
  const world = startedWorld();
  const plan = somePlan({ rehearsal: DEMAND, ...change });
  world.accept({ type: 'putPlan', plan });
  world.accept({ type: 'putFlag', definition: someFlag() });
  const project = world.state.projects.get('default') ?? expect.fail('no project');
  const record = (given: Partial<RehearsalRecord> = {}) =>
    world.accept({
      type: 'recordRehearsal',
      record: {
        environment: 'production',
        plan: freezeMetrics(plan, projectMetrics(project)),
        judgeVersion: JUDGE_VERSION,
        ...{ seed: 's', runs: 300, unitsPerSecond: 30, assumed: ['latency'] },
        scenarios: [HEALTHY, DOUBLED],
        ...given,
      },
    });
  return { world, plan, project, record };
}

describe('a plan that asks for a rehearsal', () => {
  test('starts after one, and not before', () => {
    const { world, record } = demandingWorld();
    expect(world.refusal(START)).toBe('rollout_rehearsal_missing');
    record();
    world.accept(START);
  });

  test('asks for one of itself alone: same content, same judge, same environment', () => {
    const { world, plan, project, record } = demandingWorld();
    const other = freezeMetrics({ ...plan, harmBudget: 51 }, projectMetrics(project));
    record({ plan: other });
    record({ judgeVersion: 'another' });
    record({ environment: 'staging' });
    expect(world.refusal(START)).toBe('rollout_rehearsal_missing');
    // What it is called, and what it asks of rehearsals, makes no other plan of it.
    record({
      plan: { ...freezeMetrics(plan, projectMetrics(project)), key: 'renamed', rehearsal: DEMAND },
    });
    world.accept(START);
  });

  test('asks for a new one when it is too old', () => {
    const { world, record } = demandingWorld();
    record();
    world.nowMs += 7 * DAY_MS;
    expect(world.refusal(START)).toBe('rollout_rehearsal_expired');
    record();
    world.accept(START);
  });

  test.each<[string, readonly RecordedScenario[]]>([
    ['too many false rollbacks', [{ ...HEALTHY, rolledBack: 12 }, DOUBLED]],
    ['failures missed', [HEALTHY, { ...DOUBLED, reachedLast: 60 }]],
    ['runs too few to tell', [{ ...HEALTHY, runs: 20, completed: 20, reachedLast: 20 }, DOUBLED]],
    ['only scenarios of its own choice', [{ ...HEALTHY, demanded: false }]],
  ])('refuses after one with %s', (_, scenarios) => {
    const { world, record } = demandingWorld();
    record({ scenarios });
    expect(world.refusal(START)).toBe('rollout_rehearsal_failed');
  });

  test('does not refuse for what it did not ask for', () => {
    const { world, record } = demandingWorld();
    record({ scenarios: [HEALTHY, DOUBLED, { ...DOUBLED, demanded: false, reachedLast: 300 }] });
    world.accept(START);
  });

  test('keeps the standard one when one of somebody’s own scenarios follows', () => {
    const { world, project, record } = demandingWorld();
    record();
    record({ scenarios: [{ ...DOUBLED, scenario: 'errors x3 from 50%', demanded: false }] });
    expect(project.rehearsals.size).toBe(2);
    world.accept(START);
  });

  test('asks for nothing where it says so', () => {
    const { world } = demandingWorld({ rehearsal: { ...DEMAND, required: false } });
    world.accept(START);
  });

  test('never stands in the way down (invariant 4)', () => {
    const { world, record } = demandingWorld();
    record();
    world.accept(START);
    world.nowMs += 30 * DAY_MS;
    world.accept({ type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE });
    world.accept({ type: 'downFlag', ...SITE, justification: JUSTIFICATION });
  });
});

describe('a recorded rehearsal', () => {
  test('is in the state, changes no snapshot, and survives a stored state', () => {
    const { world, project, record } = demandingWorld();
    const before = project.environments.get('production')?.version;
    const { answer } = record();
    expect(project.environments.get('production')?.version).toBe(before);
    const [kept] = project.rehearsals.values();
    expect(kept).toMatchObject({
      environment: 'production',
      version: answer.version,
      expiresAtMs: world.nowMs + 7 * DAY_MS,
      scenarios: [HEALTHY, DOUBLED],
    });
    expect(kept?.key).toBe(`production/${planDigest(kept?.plan ?? expect.fail('none'))}`);
    expect(deserializeState(serializeState(world.state))).toEqual(world.state);
  });

  test('replaces an older one of the same plan', () => {
    const { project, record } = demandingWorld();
    record({ seed: 'first' });
    record({ seed: 'second' });
    expect([...project.rehearsals.values()].map(({ seed }) => seed)).toEqual(['second']);
  });

  test.each([
    [
      'the standard scenarios',
      [HEALTHY, DOUBLED],
      '300 of 300 healthy rollouts completed; «errors x2» was missed in 0.3 % (at most 1.9 %).',
    ],
    [
      'scenarios of its own alone',
      [{ ...DOUBLED, demanded: false }],
      '«errors x2» reached the last stage in 0.3 % (at most 1.9 %).',
    ],
  ])('is told of before a start, with %s', (_, scenarios, text) => {
    const { world, plan, record } = demandingWorld({ rehearsal: { ...DEMAND, required: false } });
    record({ scenarios });
    const items = checkBeforeStart({
      ...{ project: 'default', environment: 'production', flag: someFlag(), plan },
      ...{ state: world.state, telemetry: new Intake().state, nowMs: world.nowMs },
    });
    expect(items.find(({ code }) => code === 'rehearsed')?.text).toContain(`per scenario: ${text}`);
  });
});
