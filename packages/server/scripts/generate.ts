/**
 * Writes what is generated from this package's source: `openapi.json`, and the server's section of
 * `docs/errors.md`. Tests fail when either is not current.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { readOptions } from '../src/config/read-options.ts';
import { withServerErrors } from './server-errors.ts';
import { startServer } from '../src/serve.ts';

await write('../openapi.json', JSON.stringify(await fetchOpenApi()));
const errors = readFileSync(path('../../../docs/errors.md'), 'utf8');
await write('../../../docs/errors.md', withServerErrors(errors));

async function fetchOpenApi(): Promise<unknown> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'downhaul-generate-'));
  const argv = ['--data-directory', dataDirectory, '--port', '0', '--log-level', 'silent'];
  const server = await startServer(readOptions({ argv }));
  try {
    return await (await fetch(`${server.url}/api/v1/openapi.json`)).json();
  } finally {
    await server.close();
    rmSync(dataDirectory, { recursive: true });
  }
}

async function write(relative: string, text: string): Promise<void> {
  const filepath = path(relative);
  writeFileSync(filepath, await format(text, { ...(await resolveConfig(filepath)), filepath }));
}

function path(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}
