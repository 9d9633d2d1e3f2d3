import { cut, murmur3, unitHash } from '@downhaul/engine';
import type { EvaluationContext } from '@openfeature/server-sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decisions } from '../support/decisions.ts';
import { UNIT_SALT } from '../support/snapshots.ts';

class Tenant {
  readonly #id: unknown;
  constructor(id: unknown) {
    this.#id = id;
  }
  get tenant(): unknown {
    return this.#id;
  }
  get targetingKey(): unknown {
    return this.#id;
  }
}

class TenantOfTenant extends Tenant {}

/** A context in which a name gives what is read, by each of the ways that JavaScript knows. */
const SHAPES: Readonly<Record<string, (name: string, read: () => unknown) => object>> = {
  'a member': (name, read) => ({ [name]: read() }),
  'a getter': (name, read) =>
    Object.defineProperty({}, name, { get: read, enumerable: true, configurable: true }),
  'a hidden getter': (name, read) => Object.defineProperty({}, name, { get: read }),
  'a getter of a class': (name, read) =>
    new (class {
      static {
        Object.defineProperty(this.prototype, name, { get: read });
      }
    })(),
  'an inherited member': (name, read) => Object.create({ [name]: read() }) as object,
  'an object without prototype': (name, read) =>
    Object.assign(Object.create(null) as object, { [name]: read() }),
  'a frozen object': (name, read) => Object.freeze({ [name]: read() }),
  'a proxy': (name, read) =>
    new Proxy({}, { get: (_, asked) => (asked === name ? read() : undefined) }),
  'a member of a map': (name, read) => Object.assign(new Map(), { [name]: read() }),
};

/** The same, with the unit one level down: `account.id`. */
function nested(shape: (typeof SHAPES)[string], read: () => unknown): object {
  return { account: shape('id', read), plan: 'gold' };
}

const ACCOUNT = { unit: 'account.id' };
const TENANT = { unit: 'tenant' };

function inTreatment(salt: string, unit: string, sharePerMillion: number): boolean {
  return cut(murmur3(salt + unit), 1_000_000) < sharePerMillion;
}

describe('a unit that is served is counted', () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    it(`also from ${name}, in a scope and without, alone and on top of another context`, () => {
      const context = shape('tenant', () => 'acme') as EvaluationContext;
      const ways: ((each: ReturnType<typeof decisions>) => unknown)[] = [
        (each) => each.decide(context),
        (each) => each.failIn(context, () => each.decide()),
        (each) => each.failIn({ plan: 'gold' }, () => each.decide(context)),
        (each) => each.failIn(context, () => each.decide({ plan: 'gold' })),
      ];
      for (const way of ways) {
        const each = decisions(100, TENANT);
        expect(way(each)).toMatchObject({ arm: 'treatment' });
        const { exposures, outcomes } = each.collector.drain();
        expect(exposures).toMatchObject([{ unit: unitHash(UNIT_SALT, 'acme'), arm: 'treatment' }]);
        for (const { unit } of outcomes) expect(unit).toBe(unitHash(UNIT_SALT, 'acme'));
      }
    });

    it(`also one level down, from ${name}`, () => {
      const each = decisions(100, ACCOUNT);
      const context = nested(shape, () => 'acme') as EvaluationContext;
      expect(each.decide(context)).toMatchObject({ arm: 'treatment' });
      const { exposures } = each.collector.drain();
      expect(exposures).toMatchObject([{ unit: unitHash(UNIT_SALT, 'acme') }]);
    });
  }

  it('each tenant of a class with getters is one exposure of its own', () => {
    const each = decisions(50, TENANT);
    let treated = 0;
    for (let tenant = 0; tenant < 50; tenant++) {
      const context = new TenantOfTenant(`tenant-${tenant}`) as unknown as EvaluationContext;
      if (each.decide(context)?.arm === 'treatment') treated += 1;
    }
    const { exposures } = each.collector.drain();
    expect(exposures).toHaveLength(50);
    expect(exposures.filter(({ arm }) => arm === 'treatment')).toHaveLength(treated);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'a unit attribute %s is one where a context has it of its own',
    (unit) => {
      const each = decisions(100, { unit });
      expect(each.decide({ targetingKey: 'ada' })).toBeUndefined();
      expect(each.decide(new Map() as unknown as EvaluationContext)).toBeUndefined();
      const own = Object.defineProperty({}, unit, { value: 'acme', enumerable: true });
      expect(each.decide(own as EvaluationContext)).toMatchObject({ arm: 'treatment' });
      const { exposures } = each.collector.drain();
      expect(exposures).toMatchObject([{ unit: unitHash(UNIT_SALT, 'acme') }]);
    },
  );

  it.each([
    ['1', '1'],
    [1, '1'],
    [-0, '0'],
    [' ', ' '],
    ['', undefined],
    [1.5, undefined],
    [Number.NaN, undefined],
    [2 ** 53, undefined],
    [10n, undefined],
    [true, undefined],
    [null, undefined],
    [undefined, undefined],
    [new Date(0), undefined],
    [['a'], undefined],
    [Symbol('a'), undefined],
    [() => 'a', undefined],
  ])('%o as a unit is %o', (value, unit) => {
    const each = decisions(100, TENANT);
    const exposure = each.decide({ tenant: value } as unknown as EvaluationContext);
    const counted = each.collector.drain().exposures.map((item) => item.unit);
    expect(exposure?.arm).toBe(unit === undefined ? undefined : 'treatment');
    expect(counted).toEqual(unit === undefined ? [] : [unitHash(UNIT_SALT, unit)]);
  });

  it('whatever a context gives when it is read again', () => {
    const shapes = fc.constantFrom(...Object.values(SHAPES));
    const places = fc.constantFrom(
      'alone',
      'scope',
      'on top',
      'below',
      'nested',
      'nested in scope',
    );
    fc.assert(
      fc.property(shapes, places, fc.nat(), (shape, place, seed) => {
        let reads = seed;
        const read = (): string => `unit-${reads++}`;
        const isNested = place.startsWith('nested');
        const each = decisions(50, isNested ? ACCOUNT : TENANT);
        const context = (
          isNested ? nested(shape, read) : shape('tenant', read)
        ) as EvaluationContext;
        const exposure = decideIn(each, place, context);
        const { exposures, outcomes } = each.collector.drain();
        expect(exposures.map(({ arm }) => arm)).toEqual([exposure?.arm]);
        const counted = exposures[0]?.unit;
        const unit = Array.from(
          { length: reads - seed },
          (_, index) => `unit-${seed + index}`,
        ).find((candidate) => unitHash(UNIT_SALT, candidate) === counted);
        expect(inTreatment('flag', unit ?? '', 500_000)).toBe(exposure?.arm === 'treatment');
        for (const outcome of outcomes) expect(outcome.unit).toBe(counted);
      }),
      { numRuns: 500 },
    );
  });

  it('and one whose reading throws is served nothing but the code default, and counted nowhere', () => {
    const each = decisions(100, TENANT);
    const throws = (): never => {
      throw new Error('not for you');
    };
    for (const shape of [SHAPES['a getter'], SHAPES['a getter of a class'], SHAPES['a proxy']]) {
      const context = shape?.('tenant', throws) as EvaluationContext;
      expect(each.flags.decide('flag', context).evaluation).toMatchObject({
        value: undefined,
        errorCode: 'INVALID_CONTEXT',
      });
      expect(each.failIn(context, () => each.decide())).toBeUndefined();
    }
    expect(each.collector.drain()).toMatchObject({ exposures: [], outcomes: [] });
  });

  it('a scope that knows its unit only later is of the unit that it gives then', () => {
    const each = decisions(100, { ...TENANT, metrics: ['http.error_rate'] });
    const request: { user?: string } = {};
    const lazy = {
      get tenant() {
        return request.user;
      },
    } as EvaluationContext;
    const exposure = each.failIn(lazy, () => {
      expect(each.decide()).toBeUndefined();
      request.user = 'acme';
      return each.decide();
    });
    expect(exposure).toMatchObject({ arm: 'treatment' });
    const { exposures, outcomes } = each.collector.drain();
    expect([...exposures, ...outcomes].map(({ unit }) => unit)).toEqual(
      Array.from({ length: 2 }, () => unitHash(UNIT_SALT, 'acme')),
    );
  });

  it('a getter that throws is heard only by flags that read it', () => {
    const each = decisions(100, TENANT);
    const context = Object.defineProperty({ tenant: 'acme' }, 'plan', {
      enumerable: true,
      get: () => {
        throw new Error('not for you');
      },
    });
    expect(each.decide(context)).toMatchObject({ arm: 'treatment' });
    expect(each.failIn(context, () => each.decide())).toMatchObject({ arm: 'treatment' });
  });

  it('a tracked event is of the unit that its context gives', () => {
    const each = decisions(100, { ...TENANT, metrics: ['order.paid'] });
    const context = new Tenant('acme') as unknown as EvaluationContext;
    each.decide(context);
    each.recorder.track({ metric: 'order.paid', value: undefined }, undefined, context);
    const { exposures, outcomes } = each.collector.drain();
    expect(outcomes.map(({ unit }) => unit)).toEqual(exposures.map(({ unit }) => unit));
  });

  it('nobody without a unit is counted where a recovery is measured', () => {
    const each = decisions(0, { phase: 'recovery', stage: -2 });
    each.flags.decide('flag', undefined);
    expect(each.collector.drain().exposures).toEqual([]);
  });
});

function decideIn(
  each: ReturnType<typeof decisions>,
  place: string,
  context: EvaluationContext,
): ReturnType<typeof each.decide> {
  if (place === 'alone' || place === 'nested') return each.decide(context);
  if (place === 'on top') return each.failIn({ plan: 'gold' }, () => each.decide(context));
  if (place === 'below') return each.failIn(context, () => each.decide({ plan: 'gold' }));
  return each.failIn(context, () => each.decide());
}
