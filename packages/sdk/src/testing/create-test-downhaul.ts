import type { JsonValue } from '@openfeature/server-sdk';
import { type Downhaul, downhaulOf } from '../client/downhaul.ts';
import { resolveOptions } from '../client/options.ts';
import { Runtime } from '../client/runtime.ts';
import { type FlagValues, snapshotOfValues } from './snapshot-of-values.ts';

/** A client without a server, whose flags the test sets. */
export interface TestDownhaul extends Downhaul {
  /** Changes or adds one flag; a new type is allowed. */
  set(flagKey: string, value: JsonValue): void;
  /** Puts these flags in the place of all others. */
  replace(values: FlagValues): void;
}

/**
 * Makes a client, and with it a provider, that serves these values to everyone, at once. Closed, it serves code
 * defaults, as any client; a provider that is set again serves the values again.
 */
export function createTestDownhaul(values: FlagValues = {}): TestDownhaul {
  let version = 0;
  let current = values;
  const serve = (): void => {
    version += 1;
    runtime.holder.adopt(snapshotOfValues(current, version), 'bootstrap');
    runtime.lifecycle.contact('connected', undefined);
  };
  const runtime = new Runtime({}, { ...resolveOptions({}, {}), problem: undefined }, serve);
  void runtime.start();
  const replace = (next: FlagValues): void => {
    current = { ...next };
    if (runtime.isOpen) serve();
  };
  return {
    ...downhaulOf(runtime, {}),
    set: (flagKey, value) => replace({ ...current, [flagKey]: value }),
    replace,
  };
}
