/** A host that uses the SDK and then has nothing left to do. It never calls `close`. */
import { createDownhaul } from '../../src/index.ts';

const [url = ''] = process.argv.slice(2);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const downhaul = createDownhaul({
  url,
  token: 'token-of-tests',
  logger: silent,
  startTimeoutMs: 1_000,
});
await downhaul.ready();
console.log(JSON.stringify({ value: downhaul.boolean('flag', false), ...downhaul.status() }));
