/** Who names a segment. */
type User = `flag:${string}` | `segment:${string}`;

/**
 * Which segments the flags of one environment name, directly or through other segments, kept up to date
 * change by change: nothing here costs as much as there are flags or segments.
 */
export class SegmentUse {
  readonly #named = new Map<User, ReadonlySet<string>>();
  readonly #users = new Map<string, Set<User>>();

  /** Whether anybody names the segment. */
  isUsed(segment: string): boolean {
    return this.#users.has(segment);
  }

  /** Notes what a user names from now on; returns the segments that it did not name before, or no more. */
  set(user: User, segments: readonly string[]): readonly string[] {
    const before = this.#named.get(user) ?? new Set();
    const after = new Set(segments);
    const left = [...before].filter((key) => !after.has(key));
    const joined = [...after].filter((key) => !before.has(key));
    for (const key of left) this.#leave(key, user);
    for (const key of joined) this.#join(key, user);
    if (after.size === 0) this.#named.delete(user);
    else this.#named.set(user, after);
    return [...left, ...joined];
  }

  /** The flags that reach a segment. */
  flagsBehind(segment: string): ReadonlySet<string> {
    const flags = new Set<string>();
    const reached = new Set([segment]);
    for (const key of reached) {
      for (const user of this.#users.get(key) ?? []) {
        const name = user.slice(user.indexOf(':') + 1);
        (user.startsWith('flag:') ? flags : reached).add(name);
      }
    }
    return flags;
  }

  #join(segment: string, user: User): void {
    const users = this.#users.get(segment) ?? new Set();
    this.#users.set(segment, users.add(user));
  }

  #leave(segment: string, user: User): void {
    const users = this.#users.get(segment);
    users?.delete(user);
    if (users?.size === 0) this.#users.delete(segment);
  }
}
