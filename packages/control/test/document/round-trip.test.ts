import {
  type DomainError,
  FlagDocument,
  PlanDocument,
  readFlagDocument,
  readPlanDocument,
  readSegmentDocument,
  type Result,
  SegmentDocument,
  writeFlagDocument,
  writePlanDocument,
  writeSegmentDocument,
} from '@downhaul/control';
import fc from 'fast-check';
import { Check } from 'typebox/schema';
import { describe, expect, test } from 'vitest';
import { flagDocument, planDocument, segmentDocument } from './arbitraries.ts';

const RUNS = { numRuns: 120, seed: 5 };

/** The value of a reading, as JSON on the way: nothing may hang on undefined or identity. */
function read<Value>(reader: (json: unknown) => Result<Value>, json: unknown): Value {
  const result = reader(JSON.parse(JSON.stringify(json)));
  if (!result.ok) expect.fail(`${JSON.stringify(json)}: ${JSON.stringify(result.problems)}`);
  return result.value;
}

/** A plan may contradict itself at random; its shape is what this file is about. */
const ABOUT_MEANING = /^(plan|flag(?!_expires)|rollout)_/;

function readable<Value>(reader: (json: unknown) => Result<Value>, json: unknown): boolean {
  const result = reader(json);
  if (result.ok) return true;
  const shape = result.problems.filter(({ code }) => !ABOUT_MEANING.test(code));
  expect(shape, JSON.stringify(json)).toEqual([]);
  return false;
}

describe.each([
  {
    name: 'a flag',
    arbitrary: flagDocument,
    reader: readFlagDocument,
    writer: writeFlagDocument,
    schema: FlagDocument,
  },
  {
    name: 'a plan',
    arbitrary: planDocument,
    reader: readPlanDocument,
    writer: writePlanDocument,
    schema: PlanDocument,
  },
  {
    name: 'a segment',
    arbitrary: segmentDocument,
    reader: readSegmentDocument,
    writer: writeSegmentDocument,
    schema: SegmentDocument,
  },
] as const)('the document of $name', ({ arbitrary, reader, writer, schema }) => {
  const readAny = reader as (json: unknown) => Result<never>;
  const writeAny = writer as (value: never) => unknown;

  test('written and read again gives the same definition', () => {
    let count = 0;
    fc.assert(
      fc.property(arbitrary as fc.Arbitrary<unknown>, (document) => {
        if (!readable(readAny, document)) return;
        count++;
        const definition = read(readAny, document);
        expect(read(readAny, writeAny(definition))).toEqual(definition);
      }),
      RUNS,
    );
    expect(count).toBeGreaterThan(40);
  });

  test('fits its published schema, and so does what is written', () => {
    fc.assert(
      fc.property(arbitrary as fc.Arbitrary<unknown>, (document) => {
        const json: unknown = JSON.parse(JSON.stringify(document));
        expect(Check(schema, json), JSON.stringify(json)).toBe(true);
        const definition = readAny(json);
        if (definition.ok) expect(Check(schema, writeAny(definition.value))).toBe(true);
      }),
      RUNS,
    );
  });

  test('is refused by its reader where its schema refuses it, and the other way round', () => {
    const outcomes = { both: 0, neither: 0 };
    fc.assert(
      fc.property(
        arbitrary as fc.Arbitrary<unknown>,
        fc.nat(),
        breaking,
        (document, at, change) => {
          const json: unknown = JSON.parse(JSON.stringify(document));
          const broken = brokenAt(json, at, change);
          const result = readAny(broken);
          const fits = Check(schema, broken);
          const shape = result.ok
            ? []
            : result.problems.filter(({ code }) => !ABOUT_MEANING.test(code));
          const refuses = shape.length > 0;
          if (!fits) expect(refuses, JSON.stringify(broken)).toBe(true);
          if (!shape.every(isReadersAlone)) expect(fits, JSON.stringify(broken)).toBe(false);
          outcomes[refuses ? 'neither' : 'both']++;
        },
      ),
      { numRuns: 500, seed: 6 },
    );
    expect(outcomes.neither).toBeGreaterThan(150);
    expect(outcomes.both).toBeGreaterThan(5);
  });
});

/** What only the reader can say: operands that the engine parses, sums, and when `safe` may be left out. */
function isReadersAlone({ code, message }: DomainError): boolean {
  if (code === 'flag_expires_invalid') return true;
  if (code === 'condition_invalid') return /semver|before|after/.test(message);
  if (code === 'document_property_missing') return message.includes('`safe`');
  return code === 'document_value' && message.includes('A sum of');
}

type Breaking = 'removed' | 'added' | { readonly value: unknown };

const breaking: fc.Arbitrary<Breaking> = fc.oneof(
  fc.constant('removed' as const),
  fc.constant('added' as const),
  fc.record({
    value: fc.constantFrom<unknown>(null, 1, -1.5, true, '', 'x', [], {}, ['x'], { x: 1 }),
  }),
);

/** The document with one place of it changed, counted through everything in it. */
function brokenAt(json: unknown, at: number, change: Breaking): unknown {
  const copy: unknown = structuredClone(json);
  const places = placesOf(copy);
  const place = places[at % places.length];
  if (place === undefined) return copy;
  const { holder, name } = place;
  if (change === 'removed') Reflect.deleteProperty(holder, name);
  else if (change === 'added') Reflect.set(Array.isArray(holder) ? {} : holder, 'unheardOf', 1);
  else Reflect.set(holder, name, change.value);
  return Array.isArray(holder) && change === 'removed' ? compacted(copy, holder) : copy;
}

interface Place {
  readonly holder: object;
  readonly name: string;
}

function placesOf(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    { holder: value, name },
    ...placesOf(inner),
  ]);
}

/** A list without holes: JSON has none. */
function compacted(copy: unknown, holder: unknown[]): unknown {
  const kept = holder.filter(() => true);
  holder.splice(0, holder.length, ...kept);
  return copy;
}
