import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where `npm run nodes` keeps a version of Node: outside of `node_modules`, which `npm ci` deletes. */
export function cacheOf(version: string): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'downhaul', `node-${version}`);
}

/** Its executable. */
export function cachedNode(version: string): string {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return join(cacheOf(version), 'node_modules', 'node', 'bin', name);
}
