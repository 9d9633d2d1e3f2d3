/**
 * A map that reads through to another one and keeps its own changes to itself. Iterates as the other
 * one would after the same changes: replaced values stand where they were, new keys at the end.
 */
export class OverlayMap<Key, Value> extends Map<Key, Value> {
  readonly #base: ReadonlyMap<Key, Value>;
  readonly #removed = new Set<Key>();
  readonly #view: (value: Value) => Value;

  /** `view` is what a value of the other map is seen as; it is made once, when first asked for. */
  constructor(base: ReadonlyMap<Key, Value>, view: (value: Value) => Value = (value) => value) {
    super();
    this.#base = base;
    this.#view = view;
  }

  override get size(): number {
    return [...this.keys()].length;
  }

  override has(key: Key): boolean {
    return super.has(key) || this.#inherits(key);
  }

  override get(key: Key): Value | undefined {
    if (super.has(key)) return super.get(key);
    const value = this.#inherits(key) ? this.#base.get(key) : undefined;
    if (value === undefined) return undefined;
    const seen = this.#view(value);
    if (seen !== value) super.set(key, seen);
    return seen;
  }

  override delete(key: Key): boolean {
    const had = this.has(key);
    if (this.#base.has(key)) this.#removed.add(key);
    super.delete(key);
    return had;
  }

  override clear(): void {
    for (const key of this.#base.keys()) this.#removed.add(key);
    super.clear();
  }

  override *keys(): MapIterator<Key> {
    for (const key of this.#base.keys()) if (!this.#removed.has(key)) yield key;
    for (const key of super.keys()) {
      if (!this.#base.has(key) || this.#removed.has(key)) yield key;
    }
  }

  override *values(): MapIterator<Value> {
    for (const key of this.keys()) yield this.get(key) as Value;
  }

  override *entries(): MapIterator<[Key, Value]> {
    for (const key of this.keys()) yield [key, this.get(key) as Value];
  }

  override [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries();
  }

  override forEach(visit: (value: Value, key: Key, map: Map<Key, Value>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }

  #inherits(key: Key): boolean {
    return !this.#removed.has(key) && this.#base.has(key);
  }
}
