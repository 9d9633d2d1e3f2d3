import type { ConnectionLimits } from './limits.ts';

/** A connection that has not had an authorised request yet. */
export interface Stranger {
  /** Who is behind it: `addressKey`. */
  readonly address: string;
  readonly openedAtMs: number;
}

/** A proxy opens many at once, each of which has its request a moment later. */
const FRESH_MS = 1_000;

/**
 * The strangers in the order of their coming. Whoever comes is let in, and where there are too many, the oldest of
 * those who have the most goes: who only holds connections ends their own, and a request that is sent at once, such as
 * `down`, gets through (invariant 4).
 */
export class Strangers<Each extends Stranger> {
  readonly #limits: Pick<ConnectionLimits, 'strangers' | 'strangersPerAddress'>;
  readonly #byAddress = new Map<string, Set<Each>>();
  #size = 0;

  constructor(limits: Pick<ConnectionLimits, 'strangers' | 'strangersPerAddress'>) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds one and returns the one that must go for it; it is removed already. */
  add(stranger: Each): Each | undefined {
    const { address, openedAtMs } = stranger;
    const own = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, own.add(stranger));
    this.#size += 1;
    const leaving = this.#tooManyOf(own, openedAtMs) ?? this.#tooMany();
    if (leaving !== undefined) this.remove(leaving);
    return leaving;
  }

  remove(stranger: Each): void {
    const own = this.#byAddress.get(stranger.address);
    if (!own?.delete(stranger)) return;
    this.#size -= 1;
    if (own.size === 0) this.#byAddress.delete(stranger.address);
  }

  *[Symbol.iterator](): Iterator<Each> {
    for (const own of this.#byAddress.values()) yield* own;
  }

  #tooManyOf(own: ReadonlySet<Each>, nowMs: number): Each | undefined {
    if (own.size <= this.#limits.strangersPerAddress) return undefined;
    const [oldest] = own;
    return oldest !== undefined && nowMs - oldest.openedAtMs >= FRESH_MS ? oldest : undefined;
  }

  #tooMany(): Each | undefined {
    if (this.#size <= this.#limits.strangers) return undefined;
    let most: ReadonlySet<Each> = new Set();
    for (const own of this.#byAddress.values()) if (own.size > most.size) most = own;
    const [oldest] = most;
    return oldest;
  }
}
