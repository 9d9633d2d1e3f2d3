/** Of what stands by environment, the part that a reader may see: its own, or all where it is bound to none. */
export function ownPart<Value>(
  byEnvironment: Readonly<Record<string, Value>>,
  bound: string | undefined,
): Readonly<Record<string, Value>> {
  if (bound === undefined) return byEnvironment;
  const own = Object.hasOwn(byEnvironment, bound) ? byEnvironment[bound] : undefined;
  return own === undefined ? {} : { [bound]: own };
}
