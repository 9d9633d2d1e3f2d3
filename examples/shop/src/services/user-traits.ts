import { createHash } from 'node:crypto';

/**
 * A number in [0, 1) that belongs to a user and a trait for ever, so that a bug hits the same users
 * every time, as real ones do (an old card, a large basket, a slow region).
 */
export function traitOf(user: string, trait: string): number {
  return createHash('sha256').update(`${trait}\n${user}`).digest().readUInt32BE(0) / 2 ** 32;
}
