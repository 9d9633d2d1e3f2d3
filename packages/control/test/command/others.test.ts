import type { Plan, TokenGrant } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { freezeMetrics } from '../../src/metric/freeze-metrics.ts';
import { BUILT_IN } from '../../src/metric/known-metrics.ts';
import {
  SOME_CAUSE,
  SOME_FIGURES,
  someFlag,
  somePlan,
  startedWorld,
  type World,
} from '../support/world.ts';

const SITE = { flag: 'new-checkout', environment: 'production' } as const;

describe('projects and environments', () => {
  test('are created once; the same again changes nothing', () => {
    const world = startedWorld();
    expect(world.accept({ type: 'createProject', key: 'default' }).answer.changed).toBe(false);
    const staging = {
      type: 'createEnvironment',
      key: 'staging',
      owner: 'team',
      order: 0,
      unitSalt: 'new',
    } as const;
    expect(world.accept(staging).answer.changed).toBe(false);
    expect(world.state.projects.get('default')?.environments.get('staging')?.unitSalt).toBe(
      'salt-staging',
    );
    expect(world.refusal({ ...staging, order: 7 })).toBe('environment_exists');
    expect(world.refusal({ ...staging, key: 'Not a key' })).toBe('key_invalid');
    expect(world.refusal({ ...staging, project: 'nothing' })).toBe('project_unknown');
    expect(world.refusal({ type: 'createProject', key: '' })).toBe('key_invalid');
  });

  test('an event of a new project says that project', () => {
    const world = startedWorld();
    const { events } = world.accept({ type: 'createProject', key: 'second' });
    expect(events).toMatchObject([{ project: 'second', schemaVersion: 1, atMs: world.nowMs }]);
  });
});

describe('segments', () => {
  const put = (key: string, condition: object) =>
    ({ type: 'putSegment', key, owner: 'team', if: condition }) as never;
  const tenants = (...values: string[]) => ({ attribute: 'tenant', in: values });

  test('change all environments, but only if their condition changes', () => {
    const world = startedWorld();
    expect(world.accept(put('staff', tenants('a'))).events[0]?.environments).toEqual([
      'staging',
      'production',
    ]);
    expect(world.accept(put('staff', tenants('a'))).events).toEqual([]);
    const owned = { type: 'putSegment', key: 'staff', owner: 'others', if: tenants('a') } as never;
    expect(world.accept(owned).events[0]?.environments).toEqual([]);
  });

  test('must not contain themselves, nor what does not exist', () => {
    const world = startedWorld();
    world.accept(put('a', tenants('x')));
    world.accept(put('b', { not: { segment: 'a' } }));
    world.accept(put('c', { any: [{ segment: 'b' }] }));
    expect(world.refusal(put('a', { all: [{ segment: 'c' }] }))).toBe('segment_cycle');
    expect(world.refusal(put('d', { segment: 'd' }))).toBe('segment_cycle');
    expect(world.refusal(put('d', { segment: 'nothing' }))).toBe('segment_unknown');
  });

  test('are not removed while anything names them', () => {
    const world = startedWorld();
    world.accept(put('inner', tenants('x')));
    world.accept(put('outer', { segment: 'inner' }));
    const stages = [
      {
        allocations: [{ audience: { segment: 'outer' }, sharePerMillion: 5 }],
        bakeMs: 0,
        minimumSample: 0,
      },
    ];
    world.accept({ type: 'putPlan', plan: somePlan({ key: 'by-segment', stages }) });
    const decision = world.send({ type: 'removeSegment', segment: 'outer' });
    expect(decision).toMatchObject({
      error: { code: 'segment_in_use', details: { users: ['plan by-segment'] } },
    });
    expect(world.refusal({ type: 'removeSegment', segment: 'inner' })).toBe('segment_in_use');
    world.accept({ type: 'putPlan', plan: somePlan({ key: 'by-segment' }) });
    world.accept({ type: 'removeSegment', segment: 'outer' });
    expect(world.refusal({ type: 'removeSegment', segment: 'outer' })).toBe('segment_unknown');
  });

  test('within the audience of a rollout only shrink', () => {
    const world = startedWorld();
    world.accept(put('inner', tenants('x', 'y')));
    world.accept(put('outer', { segment: 'inner' }));
    world.accept({ type: 'putFlag', definition: someFlag() });
    const stages = [
      {
        allocations: [{ audience: { segment: 'outer' }, sharePerMillion: 5 }],
        bakeMs: 0,
        minimumSample: 0,
      },
    ];
    world.accept({ type: 'startRollout', ...SITE, plan: somePlan({ stages }) });
    expect(world.refusal(put('inner', tenants('x', 'y', 'z')))).toBe('segment_in_rollout');
    world.accept(put('inner', tenants('x')));
    world.accept({ type: 'rollbackRollout', ...SITE, cause: SOME_CAUSE });
    world.accept(put('inner', tenants('x', 'y', 'z')));
    expect(world.refusal({ type: 'removeSegment', segment: 'outer' })).toBe('segment_in_use');
  });
});

describe('a plan', () => {
  test('that is unchanged changes nothing; one that contradicts itself is refused', () => {
    const world = startedWorld();
    expect(world.accept({ type: 'putPlan', plan: somePlan() }).events).toEqual([]);
    expect(world.refusal({ type: 'putPlan', plan: somePlan({ horizonsMs: [90_000] }) })).toBe(
      'plan_horizon_not_batches',
    );
  });
});

describe('tightening', () => {
  function rolling(): World {
    const world = startedWorld();
    world.accept({ type: 'putFlag', definition: someFlag() });
    world.accept({ type: 'startRollout', ...SITE });
    return world;
  }
  const plan = somePlan();
  const stages = (change: object) => plan.stages.map((stage) => ({ ...stage, ...change }));
  const guardrails = (change: object) => plan.guardrails.map((each) => ({ ...each, ...change }));

  test.each<[string, Partial<Plan>]>([
    ['longer bakes', { stages: stages({ bakeMs: 9_000_000 }) }],
    ['larger samples', { stages: stages({ minimumSample: 100 }) }],
    ['narrower margins', { guardrails: guardrails({ margin: { relative: 0.01, absolute: 0 } }) }],
    ['a smaller budget', { harmBudget: 1 }],
    ['less patience', { whenStageTooLong: { afterMs: 1, then: 'rollback' } }],
  ])('takes %s', (_name, change) => {
    const world = rolling();
    const { events } = world.accept({
      type: 'tightenRollout',
      ...SITE,
      plan: { ...plan, ...change },
    });
    expect(events).toMatchObject([{ type: 'rolloutTightened', environments: [] }]);
    expect(world.rollout('new-checkout')?.plan).toEqual(
      freezeMetrics({ ...plan, ...change }, BUILT_IN),
    );
    expect(
      world.accept({ type: 'tightenRollout', ...SITE, plan: { ...plan, ...change } }).events,
    ).toEqual([]);
  });

  test.each<[string, Partial<Plan>]>([
    ['shorter bakes', { stages: stages({ bakeMs: 1 }) }],
    ['smaller samples', { stages: stages({ minimumSample: -1 }) }],
    [
      'another audience',
      {
        stages: stages({ allocations: [{ sharePerMillion: 3 }] }).map((stage, index) => ({
          ...stage,
          allocations: [{ sharePerMillion: 3 + index }],
        })),
      },
    ],
    ['fewer stages', { stages: plan.stages.slice(0, 2) }],
    ['wider margins', { guardrails: guardrails({ margin: { relative: 0.5, absolute: 0 } }) }],
    ['another quantile', { guardrails: guardrails({ metric: 'http.latency', quantile: 0.9 }) }],
    [
      'another signal',
      {
        signals: [{ metric: 'x', worse: 'lower', margin: { relative: 1, absolute: 0 }, weight: 1 }],
      },
    ],
    ['no guardrails', { guardrails: [] }],
    ['a larger budget', { harmBudget: 1000 }],
    ['another unit', { unit: 'tenant' }],
    ['more patience', { whenStageTooLong: { afterMs: 1e9, then: 'pause' } }],
    ['another alpha', { alphaHarm: 0.1 }],
  ])('refuses %s', (_name, change) => {
    expect(
      rolling().refusal({ type: 'tightenRollout', ...SITE, plan: { ...plan, ...change } }),
    ).toBe('rollout_change_loosens');
  });
});

describe('proofs', () => {
  function downed(): { world: World; record: (clock: string, outcome: string) => object } {
    const world = startedWorld();
    world.accept({ type: 'putFlag', definition: someFlag() });
    world.accept({ type: 'startRollout', ...SITE });
    const proof = world.accept({ type: 'downFlag', ...SITE }).answer['proof'];
    const record = (clock: string, outcome: string) =>
      world.accept({
        type: 'recordProof',
        proof,
        clock,
        outcome,
        statement: 's',
        missing: [],
      } as never);
    return { world, record };
  }

  test('are decided once per clock; what was missed may still be proven', () => {
    const { world, record } = downed();
    expect(record('reached', 'missed')).toMatchObject({ answer: { changed: true } });
    expect(record('reached', 'missed')).toMatchObject({ answer: { changed: false } });
    expect(record('reached', 'proven')).toMatchObject({ answer: { changed: true } });
    expect(record('reached', 'missed')).toMatchObject({
      answer: { changed: false, outcome: 'proven' },
    });
    expect([...world.state.proofs.values()][0]?.clocks.reached?.outcome).toBe('proven');
  });

  test('move the snapshot only with the end of measuring', () => {
    const { record } = downed();
    expect(record('silent', 'proven')).toMatchObject({ events: [{ environments: [] }] });
    expect(record('recovered', 'missed')).toMatchObject({
      events: [{ environments: ['production'] }],
    });
    expect(record('recovered', 'proven')).toMatchObject({ events: [{ environments: [] }] });
  });

  test('are of one project', () => {
    const { world } = downed();
    const unknown = {
      type: 'recordProof',
      proof: 'x',
      clock: 'silent',
      outcome: 'proven',
      statement: '',
      missing: [],
    } as const;
    expect(world.refusal(unknown)).toBe('proof_unknown');
    world.accept({ type: 'createProject', key: 'second' });
    const [proof = ''] = world.state.proofs.keys();
    expect(world.refusal({ ...unknown, proof, project: 'second' })).toBe('proof_unknown');
  });
});

describe('tokens', () => {
  const token: TokenGrant = {
    id: 't',
    name: 'ci',
    hash: 'a'.repeat(64),
    kind: 'service',
    rights: ['view'],
  };

  test('are kept by their hash and gone when revoked', () => {
    const world = startedWorld();
    world.accept({ type: 'issueToken', token });
    expect(world.refusal({ type: 'issueToken', token })).toBe('token_exists');
    world.accept({ type: 'revokeToken', token: 't' });
    expect(world.state.tokens.size).toBe(0);
    expect(world.refusal({ type: 'revokeToken', token: 't' })).toBe('token_unknown');
  });

  test.each<[string, Partial<TokenGrant>, string]>([
    ['the secret instead of its hash', { hash: 'dh_secret' }, 'token_hash_invalid'],
    [
      'an SDK’s token without its service',
      { kind: 'sdk', project: 'default', environment: 'production' },
      'token_scope',
    ],
    ['an unknown project', { project: 'nothing' }, 'project_unknown'],
    [
      'an unknown environment',
      { project: 'default', environment: 'nowhere' },
      'environment_unknown',
    ],
  ])('are refused with %s', (_name, change, expected) => {
    expect(startedWorld().refusal({ type: 'issueToken', token: { ...token, ...change } })).toBe(
      expected,
    );
  });
});

describe('expected versions', () => {
  test('conflict where the subject moved, and say what it is now', () => {
    const world = startedWorld();
    world.accept({ type: 'putFlag', definition: someFlag() });
    const version = world.log.length;
    world.accept({ type: 'startRollout', ...SITE });
    const rename = { type: 'putFlag', definition: someFlag({ owner: 'others' }) } as const;
    const decision = world.send({
      ...rename,
      expectedVersions: { 'flag:new-checkout': version, 'flag:new-checkout/production': version },
    });
    expect(decision).toMatchObject({
      error: {
        code: 'version_conflict',
        details: {
          moved: [
            {
              subject: 'flag:new-checkout/production',
              expected: version,
              now: { version: version + 1, down: false },
            },
          ],
        },
      },
    });
    world.accept({ ...rename, expectedVersions: { 'flag:new-checkout': version } });
  });

  test('of rollouts, segments, plans and environments are checked too; 0 is what does not exist', () => {
    const world = startedWorld();
    world.accept({ type: 'putFlag', definition: someFlag() });
    world.accept({ type: 'startRollout', ...SITE });
    const id = 'default/production/new-checkout#1';
    const started = world.log.length;
    world.accept({
      type: 'advanceRollout',
      ...SITE,
      figures: SOME_FIGURES,
      expectedVersions: { [`rollout:${id}`]: started },
    });
    const expected = {
      'segment:none': 0,
      'plan:canary': 4,
      'environment:staging': 2,
      [`rollout:${id}`]: started + 1,
      'unheard:of': 0,
    };
    world.accept({ type: 'holdRollout', ...SITE, cause: SOME_CAUSE, expectedVersions: expected });
    expect(
      world.refusal({
        type: 'releaseRollout',
        ...SITE,
        expectedVersions: { [`rollout:${id}`]: started + 1 },
      }),
    ).toBe('version_conflict');
  });
});

test('a hold with another cause is recorded and lasts since it began', () => {
  const world = startedWorld();
  world.accept({ type: 'putFlag', definition: someFlag() });
  world.accept({ type: 'startRollout', ...SITE });
  world.accept({ type: 'holdRollout', ...SITE, cause: SOME_CAUSE });
  const since = world.nowMs;
  expect(world.accept({ type: 'holdRollout', ...SITE, cause: SOME_CAUSE }).events).toEqual([]);
  world.accept({ type: 'holdRollout', ...SITE, cause: { code: 'other', text: 'Other.' } });
  expect(world.rollout('new-checkout')).toMatchObject({
    statusSinceMs: since,
    cause: { code: 'other' },
  });
});

test('overrides and instances', () => {
  const world = startedWorld();
  world.accept({ type: 'putFlag', definition: someFlag() });
  const set = { type: 'setOverrides', ...SITE, page: { page: 'p1', mac: 'm' }, count: 3 } as const;
  world.accept(set);
  expect(world.accept(set).events).toEqual([]);
  expect(world.here('new-checkout')).toMatchObject({
    overrides: { page: 'p1' },
    overridesCount: 3,
  });
  world.accept({ type: 'retireInstance', environment: 'production', instance: 'pod-1' });
  expect(world.refusal({ type: 'retireInstance', environment: 'x', instance: 'pod-1' })).toBe(
    'environment_unknown',
  );
});
