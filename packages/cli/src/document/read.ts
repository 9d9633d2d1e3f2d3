import type { JsonValue } from '@downhaul/engine';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io/types.ts';
import { type ParsedDocument, parseYaml } from './parse-yaml.ts';
import { placeOf } from './place.ts';
import { readText } from './read-text.ts';
import type { DocumentKind, WrittenDocument } from './types.ts';

const kinds: readonly DocumentKind[] = ['segment', 'metric', 'plan', 'flag'];
const accepted =
  'a document with one of `flag:`, `plan:`, `metric:` and `segment:` at its top, naming its key';

/**
 * All documents of the named files (`-` is standard input), in the order in which they can be put:
 * segments and metrics before the plans that name them, and plans before flags. Throws before anything is sent when one of
 * them cannot be read, with the place.
 */
export async function readDocuments(io: Io, files: readonly string[]): Promise<WrittenDocument[]> {
  const documents: WrittenDocument[] = [];
  for (const file of files) documents.push(...parseDocuments(file, await readText(io, file)));
  if (documents.length === 0)
    throw unreadable('cli_no_document', `${files.join(', ')}: no document in it`);
  refuseTwice(documents);
  return documents.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
}

/** The documents in one file's text. */
export function parseDocuments(file: string, text: string): WrittenDocument[] {
  return parseYaml(file, text).map(toDocument);
}

function toDocument({ value, source }: ParsedDocument): WrittenDocument {
  const refuse = (message: string): CommandError =>
    unreadable('cli_document_kind', message, { place: placeOf(source, ''), accepted });
  if (!isObject(value)) throw refuse('this document is not an object');
  const named = kinds.filter((kind) => Object.hasOwn(value, kind));
  const [kind] = named;
  if (kind === undefined || named.length > 1) throw refuse(kindMessage(named));
  const key = value[kind];
  if (typeof key !== 'string' || key === '')
    throw unreadable('cli_document_key', `\`${kind}\` is not the key of a ${kind}`, {
      place: placeOf(source, `/${kind}`),
      path: `/${kind}`,
      accepted: 'a text, in quotes if it looks like a number',
    });
  return { kind, key, value, source };
}

function kindMessage(named: readonly DocumentKind[]): string {
  return named.length === 0
    ? 'this document does not say what it is'
    : `this document is ${named.map((kind) => `a ${kind}`).join(' and ')} at once`;
}

function isObject(value: JsonValue): value is { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Two documents of one key would leave whichever came last, silently. */
function refuseTwice(documents: readonly WrittenDocument[]): void {
  const seen = new Map<string, WrittenDocument>();
  for (const document of documents) {
    const name = `${document.kind} ${document.key}`;
    const first = seen.get(name);
    if (first) {
      const { file, line } = placeOf(first.source, `/${first.kind}`);
      throw unreadable('cli_document_twice', `${name} is written twice, first in ${file}:${line}`, {
        place: placeOf(document.source, `/${document.kind}`),
      });
    }
    seen.set(name, document);
  }
}

function unreadable(
  code: string,
  message: string,
  more: Partial<CommandError['failure']> = {},
): CommandError {
  return new CommandError({ exitCode: EXIT.usage, code, message, ...more });
}
