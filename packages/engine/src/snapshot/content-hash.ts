import { addHash64, type Hash64, hash64Text, subtractHash64, ZERO_HASH } from '../hash/hash64.ts';
import { murmur3 } from '../hash/murmur3.ts';
import type { JsonValue } from '../json.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Snapshot, SnapshotFlag, SnapshotSegment } from './types.ts';
import { receivedEntry } from './unreadable.ts';

const HIGH_SEED = 0x736e6170;
const LOW_SEED = 0x73686f74;

/**
 * The hash of a snapshot's flags and segments: the sum mod 2^64 of the hash of each, as 16 hexadecimal
 * digits. It tells states apart that differ by accident (a lost or misapplied delta); it is no
 * protection against somebody who chooses content.
 */
export function contentHash(content: Pick<Snapshot, 'flags' | 'segments'>): string {
  let sum = ZERO_HASH;
  for (const flag of Object.values(content.flags)) sum = addHash64(sum, flagHash(flag));
  for (const segment of Object.values(content.segments)) sum = addHash64(sum, segmentHash(segment));
  return hash64Text(sum);
}

/** A flag's part in the content hash; depends on everything in the flag. */
export function flagHash(flag: SnapshotFlag): Hash64 {
  return entryHash('flag', flag);
}

/** A segment's part in the content hash. */
export function segmentHash(segment: SnapshotSegment): Hash64 {
  return entryHash('segment', segment);
}

/** The sum after entries were taken out and put in; the way to keep a content hash up to date. */
export function replaceHashes(
  sum: Hash64,
  removed: Iterable<Hash64>,
  added: Iterable<Hash64>,
): Hash64 {
  let result = sum;
  for (const hash of removed) result = subtractHash64(result, hash);
  for (const hash of added) result = addHash64(result, hash);
  return result;
}

/** Murmur3 of the kind, a zero byte and the canonical JSON, under two seeds. */
function entryHash(kind: string, entry: object): Hash64 {
  const text = `${kind}\0${canonicalJson(receivedEntry(entry) as JsonValue)}`;
  return { high: murmur3(text, HIGH_SEED), low: murmur3(text, LOW_SEED) };
}
