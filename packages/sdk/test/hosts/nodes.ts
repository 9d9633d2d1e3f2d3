import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cachedNode } from '../../../../scripts/nodes/cached-node.ts';
import versions from './node-versions.json' with { type: 'json' };

interface NodeBinary {
  readonly major: string;
  /** Undefined where it is not installed. */
  readonly path: string | undefined;
}

/** The Node of these tests, and the older ones that the SDK runs on. */
export const nodes: readonly NodeBinary[] = [
  ...Object.entries(versions).map(([major, version]) => ({ major, path: find(major, version) })),
  { major: process.versions.node.split('.')[0] ?? '', path: process.execPath },
];

/** As `NODE20_BIN` says, or as `npm run nodes` installed it. */
function find(major: string, version: string): string | undefined {
  const named = process.env[`NODE${major}_BIN`];
  if (named !== undefined) return named;
  const cached = cachedNode(version);
  if (existsSync(cached)) return cached;
  console.log(
    `Skipped on Node ${major}: install it with "npm run nodes", or name it in NODE${major}_BIN.`,
  );
  return undefined;
}

const root = new URL('../../../../', import.meta.url);

/** Older Nodes run what is published, not the sources: brings `dist/` up to date. */
export function buildPackage(): void {
  const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root));
  const project = fileURLToPath(new URL('packages/sdk/tsconfig.build.json', root));
  execFileSync(process.execPath, [compiler, '-b', project], { stdio: 'inherit' });
}

interface Fixture {
  readonly script: string;
  readonly args: readonly string[];
  readonly input?: unknown;
}

/** Runs a script of `fixture/` on a Node; resolves with the JSON it prints, rejects when it fails. */
export function runFixture(path: string, { script, args, input }: Fixture): Promise<unknown> {
  const file = fileURLToPath(new URL(`fixture/${script}`, import.meta.url));
  const child = spawn(path, ['--no-warnings', file, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(input ?? null));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output));
      else reject(new Error(`${script} ended with ${code}: ${output}`));
    });
  });
}
