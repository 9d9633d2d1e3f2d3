import { type Hash64, hash64Text } from './hash64.ts';
import { type Murmur3State, murmur3Absorb, murmur3After, murmur3Start } from './murmur3.ts';

const HIGH_SEED = 0x646f776e;
const LOW_SEED = 0x6861756c;

/** Hashes units under one salt; the salt's part is computed once. */
export interface UnitHasher {
  readonly salt: string;
  high(unit: string): number;
  low(unit: string): number;
}

let latest: UnitHasher | undefined;

/**
 * What telemetry and overrides call a unit: 64 bits of murmur3 over salt, a zero byte and the unit,
 * as 16 lower-case hexadecimal digits. Independent of bucketing, which uses seed 0.
 * It hides an id only as long as the salt is secret; it is no cryptographic hash.
 */
export function unitHash(salt: string, unit: string): string {
  if (latest?.salt !== salt) latest = unitHasher(salt);
  return hash64Text(unitHash64(latest, unit));
}

/** The hasher of a salt, for many units under it. */
export function unitHasher(salt: string): UnitHasher {
  const high = prefix(salt, HIGH_SEED);
  const low = prefix(salt, LOW_SEED);
  return {
    salt,
    high: (unit) => murmur3After(high, unit),
    low: (unit) => murmur3After(low, unit),
  };
}

function unitHash64(hasher: UnitHasher, unit: string): Hash64 {
  return { high: hasher.high(unit), low: hasher.low(unit) };
}

function prefix(salt: string, seed: number): Murmur3State {
  return murmur3Absorb(murmur3Start(seed), `${salt}\0`);
}
