import { compileReader, compileUnit } from '@downhaul/engine';
import { describe, expect, test } from 'vitest';

class Account {
  readonly #id = 'acme';
  get id(): string {
    return this.#id;
  }
}

describe('an attribute is what asking for it gives', () => {
  const account = new Account();
  test.each([
    ['a member', { id: 'acme' }, 'id'],
    ['a getter of a class', account, 'id'],
    ['a member of a member', { account: { id: 'acme' } }, 'account.id'],
    ['a getter of a class in a member', { account }, 'account.id'],
    ['a proxy in a member', { account: new Proxy({}, { get: () => 'acme' }) }, 'account.id'],
  ])('%s', (_, context, path) => {
    const members = context as unknown as Readonly<Record<string, unknown>>;
    expect(compileReader(path)(members)).toBe('acme');
    expect(compileUnit(path)(members)).toBe('acme');
  });

  test.each(['constructor', 'toString', '__proto__', 'account.constructor', 'account.__proto__'])(
    '%s, which every object has, only where it is its own',
    (path) => {
      expect(compileReader(path)({ account })).toBeUndefined();
      const own = JSON.parse('{"constructor":"a","toString":"a","__proto__":"a"}') as object;
      expect(compileReader(path)({ ...own, ['__proto__']: 'a', account: own })).toBe('a');
    },
  );
});
