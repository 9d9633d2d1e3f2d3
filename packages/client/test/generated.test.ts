import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { renderTypes, typesFile } from './support/render-types.ts';

it('the generated types are current (node packages/client/scripts/generate.ts)', async () => {
  expect(readFileSync(typesFile, 'utf8')).toBe(await renderTypes());
});
