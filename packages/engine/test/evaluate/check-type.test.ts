import { checkType, compile, type FlagType, type JsonValue } from '@downhaul/engine';
import { expect, test } from 'vitest';
import { flagOf, snapshotOf } from '../support/snapshots.ts';

const VALUES: Readonly<Record<FlagType, JsonValue>> = {
  boolean: false,
  string: '',
  number: 0,
  object: {},
};
const TYPES = Object.keys(VALUES) as FlagType[];

test.each(TYPES)('a value of type %s is only of that type', (type) => {
  const flag = flagOf('f', { type, variants: { v: VALUES[type] }, serve: 'v', safe: 'v' });
  const evaluation = compile(snapshotOf([flag])).evaluate('f', {});
  for (const asked of TYPES) {
    const checked = checkType(evaluation, asked);
    if (asked === type) expect(checked).toBe(evaluation);
    else {
      expect(checked).toMatchObject({
        value: undefined,
        reason: 'ERROR',
        errorCode: 'TYPE_MISMATCH',
      });
    }
  }
});

test('a code default is of every type', () => {
  const missing = compile(snapshotOf([])).evaluate('f', {});
  expect(checkType(missing, 'number')).toBe(missing);
});
