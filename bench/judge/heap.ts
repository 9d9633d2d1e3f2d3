import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** Bytes that are really in use: taken after a full collection. */
export function heapBytes(): number {
  if (typeof collect === 'function') (collect as () => void)();
  return process.memoryUsage().heapUsed;
}
