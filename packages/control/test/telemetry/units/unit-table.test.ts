import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../../src/telemetry/rollout/units/base64.ts';
import type { NewUnit } from '../../../src/telemetry/rollout/units/unit-record.ts';
import {
  type SerializedUnits,
  UnitTable,
} from '../../../src/telemetry/rollout/units/unit-table.ts';

const RUNS = { numRuns: 200, seed: 9 };

/** Few hashes, so that they meet again; their halves reach the ends of 32 bits. */
const word = fc.constantFrom(
  '00000000',
  '00000001',
  '7fffffff',
  '80000000',
  'ffffffff',
  'deadbeef',
);
const unit = fc.tuple(word, word).map(([high, low]) => high + low);
const time = fc.oneof(fc.integer({ min: 0 }), fc.constant(1_700_000_000_123.5));
const list = fc.option(fc.array(time, { minLength: 1, maxLength: 4 }), { nil: undefined });
const fields = fc.record({
  arm: fc.constantFrom('control' as const, 'treatment' as const),
  allocation: fc.integer({ min: 0, max: 65_535 }),
  firstAtMs: time,
  entered: fc.integer({ min: 0, max: 255 }),
  fresh: fc.boolean(),
  contradicted: fc.boolean(),
  early: fc.boolean(),
  treatedBefore: fc.boolean(),
  shareBefore: fc.integer({ min: 0, max: 1_000_000 }),
  slices: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })),
  outcomes: list,
  series: list,
});
const step = fc.record({ unit, fields });

function seen(record: NewUnit): NewUnit {
  const { arm, allocation, firstAtMs, entered, fresh, contradicted, early } = record;
  const { treatedBefore, shareBefore, slices, outcomes, series } = record;
  const rest = { fresh, contradicted, early, treatedBefore, shareBefore, slices, outcomes, series };
  return { unit: record.unit, arm, allocation, firstAtMs, entered, ...rest };
}

/** A table and a plain map to which the same happened: what is known is changed, what is new is added. */
function both(steps: readonly { readonly unit: string; readonly fields: Omit<NewUnit, 'unit'> }[]) {
  const table = new UnitTable();
  const model = new Map<string, NewUnit>();
  for (const { unit: name, fields: given } of steps) {
    const known = table.get(name);
    expect(known === undefined).toBe(!model.has(name));
    if (known === undefined) table.add({ unit: name, ...given });
    else Object.assign(known, given);
    model.set(name, { unit: name, ...given });
  }
  return { table, model };
}

const steps = fc.array(step, { maxLength: 60 });

describe('a table of units', () => {
  test('is a map of records', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const { table, model } = both(taken);
        expect([...table.values()].map(seen)).toEqual([...model.values()]);
        expect(table.size).toBe(model.size);
        for (const record of table.values()) {
          expect(seen(table.find(record)!)).toEqual(model.get(record.unit));
          expect(seen(table.at(record.row))).toEqual(model.get(record.unit));
        }
      }),
      RUNS,
    );
  });

  test('goes through JSON and stays the same, and so does what happens to it after', () => {
    fc.assert(
      fc.property(steps, step, (taken, last) => {
        const { table } = both(taken);
        const written = JSON.stringify(table.serialize());
        const again = UnitTable.deserialize(JSON.parse(written) as SerializedUnits);
        expect([...again.values()].map(seen)).toEqual([...table.values()].map(seen));
        for (const each of [table, again]) {
          const known = each.get(last.unit);
          if (known === undefined) each.add({ unit: last.unit, ...last.fields });
          else Object.assign(known, last.fields);
        }
        expect(JSON.stringify(again.serialize())).toBe(JSON.stringify(table.serialize()));
      }),
      RUNS,
    );
  });

  test('keeps those that are to stay, in their order', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const { table, model } = both(taken);
        const stays = ({ arm }: { readonly arm: string }) => arm === 'treatment';
        const kept = [...table.retained(stays).values()].map(seen);
        expect(kept).toEqual([...model.values()].filter(stays));
      }),
      RUNS,
    );
  });

  test('finds every one of many', () => {
    const table = new UnitTable();
    const name = (number: number) =>
      Math.imul(number, 0x9e3779b1).toString(16).replace('-', '').padStart(16, '0');
    const names = new Set(Array.from({ length: 50_000 }, (_, number) => name(number)));
    const rest = { entered: 0, fresh: true, contradicted: false, early: true };
    const none = { outcomes: undefined, series: undefined };
    const more = { treatedBefore: false, shareBefore: 0, slices: 0, allocation: 0, firstAtMs: 1 };
    for (const each of names) table.add({ unit: each, arm: 'control', ...rest, ...more, ...none });
    for (const each of names) expect(table.get(each)?.unit).toBe(each);
    expect(table.get('f'.repeat(16))).toBeUndefined();
  });
});

test('base64 is that of RFC 4648', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
      const text = toBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(text)).toEqual(bytes);
    }),
    RUNS,
  );
});
