import { type Downhaul, downhaulOf } from './downhaul.ts';
import { resolveOptions } from './options.ts';
import { Runtime } from './runtime.ts';
import type { DownhaulOptions } from './types.ts';

/** Makes a client and starts it. Bad options are logged and give a client that serves code defaults. */
export function createDownhaul(options: DownhaulOptions = {}): Downhaul {
  const runtime = new Runtime(options, resolveOptions(options, process.env));
  void runtime.start();
  return downhaulOf(runtime, options);
}
