import { type FlagDefinition, type PutBody, readAnyPut } from '@downhaul/control';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JUSTIFICATION, somePlan, someFlag, startedWorld, type World } from '../support/world.ts';

function flag(key: string, change: Partial<FlagDefinition> = {}): PutBody {
  return { type: 'putFlag', definition: someFlag({ key, ...change }) };
}

function requiring(...flags: readonly string[]): Partial<FlagDefinition> {
  const required = flags.map((each) => ({ flag: each, variant: 'on' }));
  return { requires: { flags: required, services: [], migrations: [] } };
}

function put(world: World, ...documents: readonly PutBody[]) {
  return world.send({ type: 'putDocuments', documents, justification: JUSTIFICATION });
}

function errorOf(decision: ReturnType<World['send']>) {
  if (decision.ok) expect.fail('it was accepted');
  return decision.error;
}

const staffOnly = {
  environments: {
    production: {
      serve: 'off',
      rules: [{ name: 'staff', if: { segment: 'staff' }, serve: 'on' }],
      rollout: { plan: 'slow', to: 'on', attempt: 1 },
    },
  },
} as const;

const FAMILY: readonly PutBody[] = [
  flag('a', { ...staffOnly, ...requiring('b', 'c') }),
  flag('b', requiring('c')),
  flag('c'),
  { type: 'putPlan', plan: somePlan({ key: 'slow' }) },
  { type: 'putSegment', key: 'staff', owner: 'me', if: { segment: 'company' } },
  {
    type: 'putSegment',
    key: 'company',
    owner: 'me',
    if: { attribute: 'email', endsWith: '@acme.test' },
  },
];

describe('several documents as one change', () => {
  test('are put in any order, and lead to the same state', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...FAMILY], { minLength: FAMILY.length }), (documents) => {
        const world = startedWorld();
        const before = world.log.length;
        const decision = put(world, ...documents);
        if (!decision.ok) expect.fail(JSON.stringify(decision.error));
        expect(decision.answer).toMatchObject({ changed: true, version: before + 6 });
        const answers = decision.answer['documents'] as { key: string; version: number }[];
        expect(answers).toHaveLength(6);
        const project = world.state.projects.get('default')!;
        for (const { key, version } of answers) {
          const kept =
            project.flags.get(key) ?? project.plans.get(key) ?? project.segments.get(key);
          expect(kept?.version).toBe(version);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('change nothing where one is refused, and each problem has the place of its document', () => {
    const world = startedWorld();
    const before = world.log.length;
    const error = errorOf(
      put(world, flag('a'), flag('b', requiring('nobody')), flag('c', { safe: 'x' })),
    );
    expect(world.log.length).toBe(before);
    expect(world.state.projects.get('default')?.flags.size).toBe(0);
    expect(error.details).toMatchObject({
      problems: [
        { code: 'flag_required_unknown', path: '/documents/1/requires/flags/0' },
        { code: 'flag_variant_unknown', path: '/documents/2/safe' },
      ],
    });
  });

  test('that wait for each other are called a circle', () => {
    const world = startedWorld();
    expect(errorOf(put(world, flag('a', requiring('b')), flag('b', requiring('a'))))).toMatchObject(
      {
        code: 'flag_requires_cycle',
      },
    );
    const segment = (key: string, other: string): PutBody => ({
      type: 'putSegment',
      key,
      owner: 'me',
      if: { segment: other },
    });
    expect(errorOf(put(world, segment('s', 't'), segment('t', 's')))).toMatchObject({
      code: 'segment_cycle',
    });
  });

  test('of one key are refused', () => {
    expect(errorOf(put(startedWorld(), flag('a'), flag('a')))).toMatchObject({
      code: 'document_twice',
      path: '/documents/1/flag',
    });
  });

  test('that are all there already change nothing', () => {
    const world = startedWorld();
    put(world, ...FAMILY);
    const again = world.accept({ type: 'putDocuments', documents: FAMILY });
    expect(again.events).toEqual([]);
    expect(again.answer).toMatchObject({ changed: false });
  });

  test('let go of what another of them takes away', () => {
    const world = startedWorld();
    put(world, ...FAMILY);
    // c loses the variant that a and b require until now.
    const without = { variants: { yes: true, off: false }, environments: {} };
    const [a, b] = [flag('a', staffOnly), flag('b')];
    const c: PutBody = {
      type: 'putFlag',
      definition: someFlag({ key: 'c', ...without }),
      said: { removes: ['production', 'staging'] },
    };
    expect(put(world, c, a, b).ok).toBe(true);
  });
});

describe('a document that says less than there is', () => {
  const full = {
    flag: 'x',
    kind: 'release',
    type: 'boolean',
    owner: 'me',
    purpose: 'p',
    variants: { on: true, off: false },
    safe: 'off',
    requires: { flags: [{ flag: 'y', variant: 'on' }] },
    conflicts: ['z'],
    environments: {
      production: {
        serve: 'off',
        rules: [{ name: 'staff', if: { attribute: 'a', equals: 1 }, serve: 'on' }],
      },
      staging: { serve: 'off' },
    },
  };

  function read(document: Record<string, unknown>): PutBody {
    const body = readAnyPut(document);
    if (!body.ok) expect.fail(JSON.stringify(body.problems));
    return body.value;
  }

  function world(): World {
    const started = startedWorld();
    put(started, flag('y'), flag('z'), read(full));
    return started;
  }

  const here = full.environments;

  test.each<[string, Record<string, unknown>, string, RegExp]>([
    [
      'an environment',
      { ...full, environments: { staging: here.staging } },
      '/environments',
      /production: \{ removed: true \}/,
    ],
    ['all environments', { ...full, environments: undefined }, '/environments', /production/],
    [
      'rules',
      { ...full, environments: { ...here, production: { serve: 'off' } } },
      '/environments/production',
      /rules: \[\]/,
    ],
    ['requirements', { ...full, requires: undefined }, '', /requires: \{\}/],
    ['conflicts', { ...full, conflicts: undefined }, '', /conflicts: \[\]/],
  ])('is refused where it leaves out %s', (_what, document, path, accepted) => {
    const json = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
    const error = errorOf(world().send(read(json)));
    expect(error).toMatchObject({ code: 'document_takes_away', path });
    expect(error.accepted).toMatch(accepted);
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      'an environment',
      { ...full, environments: { ...here, production: { removed: true } } },
      '/environments/production',
    ],
    [
      'a rule',
      { ...full, environments: { ...here, production: { serve: 'off', rules: [] } } },
      '/environments/production/rules/staff',
    ],
    ['a requirement', { ...full, requires: {} }, '/requires/flags/y'],
    ['a conflict', { ...full, conflicts: [] }, '/conflicts/z'],
  ])('takes away %s where it says so, and the answer names it', (_what, document, field) => {
    const on = world();
    const decision = on.accept(read(document));
    expect(decision.answer['changes']).toMatchObject([{ field }]);
    expect(on.accept(read(document)).answer).toMatchObject({ changed: false });
  });

  test('is refused where a plan leaves out its guardrails', () => {
    const without = { plan: 'p', stages: [{ share: '100%', bake: '1h' }] };
    const guardrails = [{ metric: 'http.error_rate', margin: { relative: '5%' } }];
    const plan = { ...without, guardrails };
    const on = startedWorld();
    on.accept(read(plan));
    expect(errorOf(on.send(read(without)))).toMatchObject({ code: 'document_takes_away' });
    expect(on.accept(read({ ...without, guardrails: [] })).answer['changes']).toMatchObject([
      { field: '/baseline' },
      { field: '/guardrails/http.error_rate' },
    ]);
  });

  test('gives up an environment only by the word true', () => {
    for (const removed of [false, null, 'yes', 1]) {
      const body = readAnyPut({ ...full, environments: { production: { removed } } });
      expect(body.ok).toBe(false);
    }
    expect(
      readAnyPut({ ...full, environments: { production: { removed: true, serve: 'on' } } }).ok,
    ).toBe(false);
    expect(readAnyPut({ ...full, environments: { production: null } }).ok).toBe(false);
  });
});

describe('a document that says at which version it was read', () => {
  test.each([
    ['flag', (owner: string): PutBody => flag('x', { owner })],
    [
      'segment',
      (owner: string): PutBody => ({ type: 'putSegment', key: 'x', owner, if: { all: [] } }),
    ],
    ['plan', (unit: string): PutBody => ({ type: 'putPlan', plan: somePlan({ key: 'x', unit }) })],
  ])('is refused once the %s has moved on', (kind, of) => {
    const world = startedWorld();
    const read = (owner: string, version: number): PutBody => ({ ...of(owner), said: { version } });
    world.accept(read('one', 0));
    const { version } = world.accept(of('two')).answer;
    expect(errorOf(world.send(read('three', version - 1)))).toMatchObject({
      code: 'version_conflict',
      path: '/version',
      details: { moved: [{ subject: `${kind}:x`, expected: version - 1, now: { version } }] },
    });
    // What is so already is no conflict, and what was read last is none.
    expect(world.accept(read('two', version - 1)).answer).toMatchObject({ changed: false });
    world.accept(read('three', version));
    expect(world.refusal(read('four', 0))).toBe('version_conflict');
  });
});
