import { integer } from './json-schema.ts';

/** Of every document: what it was read at. */
export const versionSchema = integer({
  minimum: 0,
  description: 'The version that was read; refused where another one stands by then.',
});
