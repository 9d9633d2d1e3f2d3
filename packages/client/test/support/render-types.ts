import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';

export const typesFile: string = fileURLToPath(
  new URL('../../src/generated/api.ts', import.meta.url),
);

/** The TypeScript of the server's committed OpenAPI document, formatted as the repository is. */
export async function renderTypes(): Promise<string> {
  const document = readFileSync(new URL('../../../server/openapi.json', import.meta.url), 'utf8');
  const text = astToString(await openapiTS(document));
  return format(text, { ...(await resolveConfig(typesFile)), filepath: typesFile });
}
