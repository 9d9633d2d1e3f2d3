const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;
const REPLACEMENT_CHARACTER = 0xfffd;

/**
 * Murmur3 x86 32 after some bytes: the mixed blocks, and the 0 to 3 bytes that do not fill one yet.
 * A salt's state is computed once; every unit then costs only its own bytes.
 */
export interface Murmur3State {
  readonly hash: number;
  readonly tail: number;
  readonly tailBytes: number;
  readonly totalBytes: number;
}

/** Murmur3 x86 32 (Appleby, public domain) of the UTF-8 bytes of `text`, as an unsigned integer. */
export function murmur3(text: string, seed = 0): number {
  return murmur3After(murmur3Start(seed), text);
}

/** The state before any byte. */
export function murmur3Start(seed = 0): Murmur3State {
  return { hash: seed | 0, tail: 0, tailBytes: 0, totalBytes: 0 };
}

/** Murmur3 of everything absorbed into `state` followed by the UTF-8 bytes of `text`, unsigned. */
export function murmur3After(state: Murmur3State, text: string): number {
  const length = text.length;
  let hash = state.hash;
  let block = state.tail;
  let shift = state.tailBytes << 3;
  let index = 0;
  // Every code unit seen, or-ed together: above 0x7f the bytes are not the code units.
  let seen = 0;
  if (shift !== 0) {
    while (shift < 32 && index < length) {
      const unit = text.charCodeAt(index++);
      seen |= unit;
      block |= unit << shift;
      shift += 8;
    }
    if (shift === 32) {
      hash = mixBlock(hash, block);
      block = 0;
      shift = 0;
    }
  }
  for (const end = length - 3; index < end; index += 4) {
    const a = text.charCodeAt(index);
    const b = text.charCodeAt(index + 1);
    const c = text.charCodeAt(index + 2);
    const d = text.charCodeAt(index + 3);
    seen |= a | b | c | d;
    hash = mixBlock(hash, a | (b << 8) | (c << 16) | (d << 24));
  }
  for (; index < length; index++) {
    const unit = text.charCodeAt(index);
    seen |= unit;
    block |= unit << shift;
    shift += 8;
  }
  if (seen > 0x7f) return murmur3End(murmur3Absorb(state, text));
  return finish(hash, block, state.totalBytes + length);
}

/** The state after the UTF-8 bytes of `text`; a lone surrogate counts as U+FFFD, as in TextEncoder. */
export function murmur3Absorb(state: Murmur3State, text: string): Murmur3State {
  let { hash, tail, tailBytes, totalBytes } = state;
  for (let index = 0; index < text.length; index++) {
    const point = scalarAt(text, index);
    if (point > 0xffff) index++;
    const count = utf8Length(point);
    for (let position = 0; position < count; position++) {
      tail |= utf8Byte(point, count, position) << (tailBytes << 3);
      tailBytes++;
      totalBytes++;
      if (tailBytes < 4) continue;
      hash = mixBlock(hash, tail);
      tail = 0;
      tailBytes = 0;
    }
  }
  return { hash, tail, tailBytes, totalBytes };
}

/** Murmur3 of what `state` has absorbed, unsigned. */
export function murmur3End(state: Murmur3State): number {
  return finish(state.hash, state.tail, state.totalBytes);
}

function mixBlock(hash: number, block: number): number {
  let mixed = Math.imul(block, C1);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), C2);
  const next = hash ^ mixed;
  return (Math.imul((next << 13) | (next >>> 19), 5) + 0xe6546b64) | 0;
}

/** A tail of zero bytes mixes to zero, so an empty one needs no case of its own. */
function finish(hash: number, tail: number, totalBytes: number): number {
  let mixed = Math.imul(tail, C1);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), C2);
  let result = hash ^ mixed ^ totalBytes;
  result = Math.imul(result ^ (result >>> 16), 0x85ebca6b);
  result = Math.imul(result ^ (result >>> 13), 0xc2b2ae35);
  return (result ^ (result >>> 16)) >>> 0;
}

function scalarAt(text: string, index: number): number {
  const point = text.codePointAt(index) ?? REPLACEMENT_CHARACTER;
  return point >= 0xd800 && point <= 0xdfff ? REPLACEMENT_CHARACTER : point;
}

function utf8Length(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}

function utf8Byte(point: number, count: number, position: number): number {
  const bits = point >>> (6 * (count - 1 - position));
  if (position > 0) return 0x80 | (bits & 0x3f);
  if (count === 1) return point;
  return ((0xf00 >> count) & 0xff) | bits;
}
