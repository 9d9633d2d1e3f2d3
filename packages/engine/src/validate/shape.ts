import type { ProblemList } from './problems.ts';

export type Members = Readonly<Record<string, unknown>>;

/** An object that is no list; its members are still unknown. */
export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a member must be: says what is expected where it is not. */
export type Check = (value: unknown) => string | undefined;

export const isText: Check = (value) => expected(typeof value === 'string', 'a string');
export const isName: Check = (value) =>
  expected(
    typeof value === 'string' && value !== '' && value !== '__proto__',
    'a non-empty string',
  );
export const isBoolean: Check = (value) => expected(typeof value === 'boolean', 'true or false');
export const isInteger: Check = (value) => expected(Number.isSafeInteger(value), 'an integer');
export const isNatural: Check = (value) =>
  expected(Number.isSafeInteger(value) && (value as number) >= 0, 'an integer from 0');
export const isShare: Check = (value) =>
  expected(
    isNatural(value) === undefined && (value as number) <= 1_000_000,
    'an integer from 0 to 1000000',
  );
export const isHash: Check = (value) =>
  expected(typeof value === 'string' && /^[0-9a-f]{16}$/.test(value), '16 hexadecimal digits');
export const isTexts: Check = (value) =>
  expected(
    Array.isArray(value) && value.every((each) => typeof each === 'string'),
    'a list of strings',
  );

/** A check for one of these texts. */
export function isOneOf(...accepted: readonly string[]): Check {
  return (value) => expected(accepted.includes(value as string), `one of ${accepted.join(', ')}`);
}

/** Reports each member that is not as its check wants; true if all are. */
export function checkMembers(
  { value, path }: { readonly value: Members; readonly path: string },
  checks: Readonly<Record<string, Check>>,
  list: ProblemList,
): boolean {
  let good = true;
  for (const [name, check] of Object.entries(checks)) {
    const wanted = check(value[name]);
    if (wanted === undefined) continue;
    list.add(joinPath(path, name), `must be ${wanted}`);
    good = false;
  }
  return good;
}

export function joinPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function expected(holds: boolean, what: string): string | undefined {
  return holds ? undefined : what;
}
