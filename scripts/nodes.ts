/**
 * Installs the older versions of Node that the SDK is tested on, from the npm registry, into a cache of
 * the user. What is there already stays.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import versions from '../packages/sdk/test/hosts/node-versions.json' with { type: 'json' };
import { cacheOf, cachedNode } from './nodes/cached-node.ts';

for (const version of Object.values(versions)) {
  if (!existsSync(cachedNode(version))) install(version);
  console.log(`Node ${version}: ${cachedNode(version)}`);
}

function install(version: string): void {
  const folder = cacheOf(version);
  mkdirSync(folder, { recursive: true });
  // The package's script fetches the binary of this platform, itself a package.
  const manifest = { private: true, allowScripts: { node: true }, dependencies: { node: version } };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}
