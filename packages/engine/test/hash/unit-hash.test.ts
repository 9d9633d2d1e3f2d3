import { unitHash, unitHasher } from '@downhaul/engine';
import { expect, test } from 'vitest';

/** Computed by an implementation in another language. Telemetry and overrides store them: they never change. */
test.each([
  ['', '', '2e3ee03d1f54d6a4'],
  ['conformance', 'ann', '3e2309312c048f51'],
  ['conformance', 'zoë', '910cac600ae4df49'],
  ['s', 'user-1', 'c47be6d70d12ad8c'],
  ['salt-é', 'ユーザー', 'b10fe382768cb353'],
  ['a', '\0b', '4bbc239272e074b0'],
])('unitHash(%j, %j) is %s', (salt, unit, hash) => {
  expect(unitHash(salt, unit)).toBe(hash);
});

test('the salt ends at the zero byte', () => {
  expect(unitHash('ab', 'c')).not.toBe(unitHash('a', 'bc'));
});

test('changing salts in turn does not mix them up', () => {
  const first = unitHash('one', 'unit');
  expect(unitHash('two', 'unit')).not.toBe(first);
  expect(unitHash('one', 'unit')).toBe(first);
});

test('a hasher gives the two halves of the text', () => {
  const hasher = unitHasher('conformance');
  expect(hasher.high('ann')).toBe(0x3e230931);
  expect(hasher.low('ann')).toBe(0x2c048f51);
});

test('units do not share hashes', () => {
  const hashes = new Set(
    Array.from({ length: 100_000 }, (_, index) => unitHash('s', `user-${index}`)),
  );
  expect(hashes.size).toBe(100_000);
});
