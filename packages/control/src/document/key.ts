import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';

/** Keys of flags, segments, plans, environments and projects. */
export const KEY_PATTERN = '^[a-z0-9][a-z0-9._-]{0,99}$';
export const KEY_ACCEPTS =
  'lower-case letters, digits, `.`, `_` and `-`, at most 100 of them, a letter or digit first';
const KEY = new RegExp(KEY_PATTERN);

/** Why a text cannot be a key; undefined if it can. */
export function checkKey(key: string, path: string): DomainError | undefined {
  return KEY.test(key)
    ? undefined
    : domainError('key_invalid', { key: key.slice(0, 120) }, { path, accepted: KEY_ACCEPTS });
}
