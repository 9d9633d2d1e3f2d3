import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io/types.ts';
import { placeOf } from './place.ts';
import { readDocuments } from './read.ts';
import type { WrittenDocument } from './types.ts';

/** The one plan that a file holds; `-` is standard input. */
export async function readPlan(io: Io, file: string): Promise<WrittenDocument> {
  const [document, ...others] = await readDocuments(io, [file]);
  if (document?.kind === 'plan' && others.length === 0) return document;
  const wrong = others[0] ?? document;
  throw new CommandError({
    exitCode: EXIT.usage,
    code: 'cli_document_kind',
    message: 'here a file with one plan is wanted',
    place: wrong && placeOf(wrong.source, ''),
    accepted: 'one document with `plan:` at its top',
  });
}
