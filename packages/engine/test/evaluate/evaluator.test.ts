import { compile, type EvaluationContext, recompile } from '@downhaul/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshot, throwingContext } from '../support/arbitraries.ts';
import { flagOf, rolloutOf, snapshotOf } from '../support/snapshots.ts';

const rules = [{ name: 'gold', if: { attribute: 'plan', equals: 'gold' }, serve: 'on' }];

describe('results', () => {
  const evaluator = compile(
    snapshotOf([
      flagOf('static'),
      flagOf('rules', { rules }),
      flagOf('down', { down: true }),
      flagOf('rollout', { rollout: rolloutOf('rollout', 500_000) }),
      flagOf('split', {
        rules: [
          {
            name: 'half',
            if: { all: [] },
            split: {
              weights: [
                ['on', 1],
                ['off', 1],
              ],
            },
          },
        ],
      }),
    ]),
  );

  test('are the same objects every time', () => {
    const contexts = Array.from({ length: 100 }, (_, index) => ({ targetingKey: `u${index}` }));
    for (const [key, count] of Object.entries({
      static: 1,
      rules: 1,
      down: 1,
      rollout: 2,
      split: 2,
    })) {
      const results = new Set(contexts.map((each) => evaluator.evaluate(key, each)));
      expect(results.size).toBe(count);
      const handle = evaluator.handle(key);
      for (const each of contexts) expect(results).toContain(handle.evaluate(each));
    }
  });

  test('cannot be changed by their readers', () => {
    const evaluation = evaluator.evaluate('rollout', { targetingKey: 'u' });
    expect(Object.isFrozen(evaluation)).toBe(true);
    expect(Object.isFrozen(evaluation.exposure)).toBe(true);
  });

  test('of all flags come in the order of the keys', () => {
    expect(evaluator.flagKeys).toEqual(['static', 'rules', 'down', 'rollout', 'split']);
    expect(evaluator.evaluateAll({ plan: 'gold' }).map(({ reason }) => reason)).toEqual([
      'STATIC',
      'TARGETING_MATCH',
      'DISABLED',
      'DEFAULT',
      'DEFAULT',
    ]);
  });

  test('a handle of a missing flag says so', () => {
    expect(evaluator.handle('nowhere').evaluate({})).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' });
  });
});

describe('recompiling', () => {
  const many = Array.from({ length: 10_000 }, (_, index) =>
    flagOf(`f${index}`, { rules, rollout: rolloutOf(`f${index}`, 200_000) }),
  );
  const before = snapshotOf(many);
  const after = { ...before, flags: { ...before.flags, f7: flagOf('f7', { serve: 'on' }) } };
  const context = { targetingKey: 'u' };

  test('keeps every compiled flag that is not affected', () => {
    const evaluator = compile(before);
    const results = evaluator.evaluateAll(context);
    const next = recompile(evaluator, after, ['f7']);
    const kept = next.evaluateAll(context).filter((result, index) => result === results[index]);
    expect(kept.length).toBe(many.length - 1);
    expect(next.evaluate('f7', context).variant).toBe('on');
    expect(recompile(evaluator, after).evaluate('f7', context).variant).toBe('on');
  });

  test('leaves the earlier evaluator as it was', () => {
    const evaluator = compile(before);
    const result = evaluator.evaluate('f7', context);
    const handle = evaluator.handle('f7');
    recompile(evaluator, after, ['f7']).evaluate('f7', context);
    expect(evaluator.evaluate('f7', context)).toBe(result);
    expect(handle.evaluate(context)).toBe(result);
    expect(evaluator.snapshot).toBe(before);
  });

  test('a newer format makes every flag serve the code default', () => {
    const evaluator = compile(before);
    evaluator.evaluate('f7', context);
    const next = recompile(evaluator, { ...before, formatVersion: 2 }, []);
    expect(next.evaluate('f7', context)).toMatchObject({ value: undefined, reason: 'DEFAULT' });
  });

  test('another salt of units recompiles the overrides of every flag', () => {
    const overridden = flagOf('o', { overrides: { '3e2309312c048f51': 'on' } });
    const one = snapshotOf([overridden], [], { unitSalt: 'other' });
    const evaluator = compile(one);
    expect(evaluator.evaluate('o', { targetingKey: 'ann' }).variant).toBe('off');
    const next = recompile(evaluator, { ...one, unitSalt: 'conformance' }, []);
    expect(next.evaluate('o', { targetingKey: 'ann' }).variant).toBe('on');
  });
});

describe('hostile contexts', () => {
  const throwing = () => {
    throw new Error('not for you');
  };
  const cyclic: Record<string, unknown> = { targetingKey: 'u', plan: 'gold' };
  cyclic['user'] = cyclic;
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const contexts: Record<string, unknown> = {
    undefined: undefined,
    null: null,
    text: 'text',
    number: 7,
    function: throwing,
    cyclic,
    bigint: { targetingKey: 7n, plan: 7n, tenant: 7n, user: 7n, age: 7n, version: 7n },
    symbol: { targetingKey: Symbol('u'), plan: Symbol('p'), user: Symbol('u'), age: Symbol('a') },
    functions: { targetingKey: throwing, plan: throwing, user: throwing, age: throwing },
    'throwing proxy': new Proxy(
      {},
      { get: throwing, has: throwing, getOwnPropertyDescriptor: throwing },
    ),
    'revoked proxy': revoked.proxy,
    'revoked inside': { user: revoked.proxy, plan: revoked.proxy, targetingKey: revoked.proxy },
    'throwing text': {
      plan: { toString: throwing, valueOf: throwing, [Symbol.toPrimitive]: throwing },
    },
    'invalid date': { version: new Date(Number.NaN), age: new Date(Number.NaN) },
    'no prototype': Object.assign(Object.create(null) as object, { plan: 'gold' }),
    infinite: { age: Number.POSITIVE_INFINITY, targetingKey: Number.NaN },
    'deep proxy': new Proxy({}, { get: (_target, _name, receiver): unknown => receiver }),
  };

  test.each(Object.keys(contexts))('%s: nothing throws, and the explanation agrees', (name) => {
    const context = contexts[name] as EvaluationContext;
    fc.assert(
      fc.property(snapshot, (given) => {
        const evaluator = compile(given);
        evaluator.evaluateAll(context);
        for (const key of [...evaluator.flagKeys, 'nowhere']) {
          const evaluation = evaluator.evaluate(key, context);
          expect(evaluator.handle(key).evaluate(context)).toEqual(evaluation);
          const explanation = evaluator.explain(key, context);
          expect(explanation.evaluation).toEqual(evaluation);
          expect(() => JSON.stringify(explanation)).not.toThrow();
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a context that throws gives INVALID_CONTEXT only where it is read', () => {
    const evaluator = compile(snapshotOf([flagOf('static'), flagOf('rules', { rules })]));
    const hostile = new Proxy({}, { get: throwing });
    expect(evaluator.evaluate('static', hostile)).toMatchObject({
      variant: 'off',
      reason: 'STATIC',
    });
    expect(evaluator.evaluate('rules', hostile)).toMatchObject({
      value: undefined,
      reason: 'ERROR',
      errorCode: 'INVALID_CONTEXT',
    });
  });

  test('evaluating inside a getter of the context is no harm', () => {
    fc.assert(
      fc.property(snapshot, throwingContext, (given, other) => {
        const evaluator = compile(given);
        const context = {
          get plan() {
            evaluator.evaluateAll(other);
            return 'gold';
          },
        };
        const expected = evaluator.evaluateAll({ plan: 'gold' });
        expect(evaluator.evaluateAll(context)).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});
