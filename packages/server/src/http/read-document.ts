import { type DocumentKind, type PutBody, readPut, withAll } from '@downhaul/control';
import { Refusal, refusal } from '../error/refusal.ts';

/**
 * What puts the document in a body, which must be of the kind and have the key that the path names.
 *
 * @throws Refusal with every problem in the document.
 */
export function readDocument(document: unknown, kind: DocumentKind, key: string): PutBody {
  const read = readPut(document, kind);
  if (!read.ok) throw new Refusal(withAll(read.problems));
  const found = (document as { readonly [Kind in DocumentKind]?: string })[kind] ?? '';
  if (found === key) return read.value;
  throw refusal('key_mismatch', { expected: key, found });
}
