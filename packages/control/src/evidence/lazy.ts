/**
 * An object with fields that are computed when they are first read, and then kept. A look at a rollout that
 * decides nothing costs nothing of what only people read; whoever copies or writes down the object gets
 * plain data.
 */
export function withLazy<Eager extends object, Lazy extends object>(
  eager: Eager,
  lazy: { readonly [Name in keyof Lazy]: () => Lazy[Name] },
): Eager & Readonly<Lazy> {
  for (const name of Object.keys(lazy) as (keyof Lazy)[]) {
    Object.defineProperty(eager, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = lazy[name]();
        Object.defineProperty(eager, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return eager as Eager & Readonly<Lazy>;
}
