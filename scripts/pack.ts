/**
 * Packs the SDK and the engine it needs into `build/`, as they would be published, so that a service
 * outside this checkout can install them from files.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = fileURLToPath(new URL('../build', import.meta.url));

rmSync(target, { recursive: true, force: true });
mkdirSync(target);
const workspaces = ['@downhaul/engine', '@downhaul/sdk'].flatMap((name) => ['-w', name]);
execFileSync('npm', ['pack', '--silent', '--pack-destination', target, ...workspaces], {
  cwd: root,
  stdio: 'inherit',
});
