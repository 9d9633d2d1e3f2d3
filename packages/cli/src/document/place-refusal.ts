import { CommandError } from '../error.ts';
import type { Failure } from '../error.ts';
import { placeOf } from './place.ts';
import type { WrittenDocument } from './types.ts';

/**
 * A refusal of a document with the places in its file, once for each problem. `within` is where the
 * document stood in what was sent: pointers of the server begin with it. Other errors stay as they are.
 */
export function placeRefusal(error: unknown, document: WrittenDocument, within = ''): unknown {
  return placed(error, (path, code) => ({
    path,
    place: placeOf(document.source, removePrefix(path, within), partOf(code)),
  }));
}

/**
 * The same where several documents were sent: a pointer of the server begins with the number of its
 * document, and leads from there on into the document.
 */
export function placeRefusals(error: unknown, documents: readonly WrittenDocument[]): unknown {
  return placed(error, (pointer, code) => {
    const [, number, path = pointer] = /^\/documents\/(\d+)(.*)$/.exec(pointer) ?? [];
    const document = documents[Number(number)];
    return { path, place: document && placeOf(document.source, path, partOf(code)) };
  });
}

type Locate = (pointer: string, code: string) => Pick<Failure, 'path' | 'place'>;

function placed(error: unknown, locate: Locate): unknown {
  if (!(error instanceof CommandError)) return error;
  const { exitCode, path, details, code } = error.failure;
  const [, ...others] = problemsOf(details);
  const more = others.map((problem): Failure => {
    const { code: otherCode, message, accepted, details: otherDetails } = problem;
    const place = locate(problem.path, otherCode);
    return { exitCode, code: otherCode, message, accepted, details: otherDetails, ...place };
  });
  return error.with({
    ...(path === undefined ? {} : locate(path, code)),
    ...(more.length > 0 ? { details: undefined, more } : {}),
  });
}

/** The name of a property may be what is wrong, not its value. */
function partOf(code: string): 'key' | 'value' {
  return code.endsWith('property_unknown') ? 'key' : 'value';
}

function removePrefix(pointer: string, prefix: string): string {
  return pointer.startsWith(prefix) ? pointer.slice(prefix.length) : pointer;
}

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly path: string;
  readonly accepted?: string;
  readonly details?: unknown;
}

/** A refusal for several reasons lists all of them, the first one included, in its details. */
function problemsOf(details: unknown): readonly Problem[] {
  if (typeof details !== 'object' || details === null || !('problems' in details)) return [];
  return Array.isArray(details.problems) ? (details.problems as readonly Problem[]) : [];
}
