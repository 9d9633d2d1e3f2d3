import { CommandError } from '../error.ts';
import type { Failure } from '../error.ts';
import { placeOf } from './place.ts';
import type { WrittenDocument } from './types.ts';

/**
 * A refusal of a document with the places in its file, once for each problem. `within` is where the
 * document stood in what was sent: pointers of the server begin with it. Other errors stay as they are.
 */
export function placeRefusal(error: unknown, document: WrittenDocument, within = ''): unknown {
  if (!(error instanceof CommandError)) return error;
  const { path, details } = error.failure;
  const others = problemsOf(details).slice(1);
  const place = (pointer: string, code: string) =>
    placeOf(document.source, removePrefix(pointer, within), isAboutKey(code) ? 'key' : 'value');
  const placed = ({ code, message, path: at, accepted }: Problem): Failure => ({
    exitCode: error.failure.exitCode,
    code,
    message,
    path: at,
    accepted,
    place: place(at, code),
  });
  return error.with({
    ...(path === undefined ? {} : { place: place(path, error.failure.code) }),
    ...(others.length > 0 ? { details: undefined, more: others.map(placed) } : {}),
  });
}

/** Whether the name of a property is what is wrong, not its value. */
function isAboutKey(code: string): boolean {
  return code.endsWith('property_unknown');
}

function removePrefix(pointer: string, prefix: string): string {
  return pointer.startsWith(prefix) ? pointer.slice(prefix.length) : pointer;
}

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly path: string;
  readonly accepted?: string;
}

/** A refusal for several reasons lists all of them, the first one included, in its details. */
function problemsOf(details: unknown): readonly Problem[] {
  if (typeof details !== 'object' || details === null || !('problems' in details)) return [];
  return Array.isArray(details.problems) ? (details.problems as readonly Problem[]) : [];
}
