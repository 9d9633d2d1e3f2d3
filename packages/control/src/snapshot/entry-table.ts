import { canonicalJson, type Hash64, type JsonValue, replaceHashes } from '@downhaul/engine';

/** How the entries of a table are hashed. */
type EntryHash<Entry> = (entry: Entry) => Hash64;

/** What changed since it was last asked. */
interface EntryChanges<Entry> {
  readonly set: Readonly<Record<string, Entry>>;
  readonly removed: readonly string[];
}

const ZERO: Hash64 = { high: 0, low: 0 };

/** Flags or segments of a snapshot by key, with the sum of their hashes kept up to date. */
export class EntryTable<Entry extends object> {
  readonly #hashOf: EntryHash<Entry>;
  readonly #entries = new Map<string, { readonly entry: Entry; readonly hash: Hash64 }>();
  readonly #changed = new Set<string>();
  #sum = ZERO;
  #record: Readonly<Record<string, Entry>> | undefined;

  constructor(hashOf: EntryHash<Entry>) {
    this.#hashOf = hashOf;
  }

  get sum(): Hash64 {
    return this.#sum;
  }

  /** Puts an entry in, or takes it out; one of equal content stays the object it was. */
  put(key: string, entry: Entry | undefined): void {
    const known = this.#entries.get(key);
    if (known !== undefined && entry !== undefined && sameContent(known.entry, entry)) return;
    if (known === undefined && entry === undefined) return;
    const hash = entry && this.#hashOf(entry);
    this.#sum = replaceHashes(this.#sum, known ? [known.hash] : [], hash ? [hash] : []);
    if (entry === undefined || hash === undefined) this.#entries.delete(key);
    else this.#entries.set(key, { entry, hash });
    this.#changed.add(key);
    this.#record = undefined;
  }

  keys(): Iterable<string> {
    return this.#entries.keys();
  }

  *entries(): Iterable<readonly [string, Entry]> {
    for (const [key, { entry }] of this.#entries) yield [key, entry];
  }

  /** All entries as a record; copied only after a change. */
  record(): Readonly<Record<string, Entry>> {
    this.#record ??= Object.fromEntries(this.entries());
    return this.#record;
  }

  takeChanges(): EntryChanges<Entry> {
    const set: Record<string, Entry> = {};
    const removed: string[] = [];
    for (const key of this.#changed) {
      const entry = this.#entries.get(key)?.entry;
      if (entry === undefined) removed.push(key);
      else set[key] = entry;
    }
    this.#changed.clear();
    return { set, removed };
  }
}

function sameContent(a: object, b: object): boolean {
  return canonicalJson(a as JsonValue) === canonicalJson(b as JsonValue);
}
