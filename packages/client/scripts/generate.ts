/** Writes `src/generated/api.ts` from the server's OpenAPI document. */
import { writeFileSync } from 'node:fs';
import { renderTypes, typesFile } from '../test/support/render-types.ts';

writeFileSync(typesFile, await renderTypes());
