import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isScalar, LineCounter, parseAllDocuments } from 'yaml';
import type { Document } from 'yaml';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io/types.ts';
import { placeAt, placeOf } from './place.ts';
import type { DocumentKind, DocumentSource, WrittenDocument } from './types.ts';

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

/** The documents in one file's text. YAML 1.2 contains JSON, so one reader serves both. */
export function parseDocuments(file: string, text: string): WrittenDocument[] {
  const lines = new LineCounter();
  const trees = parseAllDocuments(text, {
    lineCounter: lines,
    version: '1.2',
    prettyErrors: false,
  });
  const list: readonly Document[] = Array.isArray(trees) ? trees : [];
  return list
    .filter((tree) => tree.errors.length > 0 || !isEmpty(tree))
    .map((tree) => toDocument({ file, text, lines, tree }));
}

/** Nothing, or comments only. */
function isEmpty({ contents }: Document): boolean {
  return contents === null || (isScalar(contents) && contents.value === null && !contents.source);
}

async function readText(io: Io, file: string): Promise<string> {
  try {
    if (file !== '-') return await readFile(resolve(io.directory, file), 'utf8');
    const chunks: Buffer[] = [];
    for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw unreadable('cli_file_unreadable', `${file}: ${why}`);
  }
}

function toDocument(source: DocumentSource): WrittenDocument {
  const [problem] = source.tree.errors;
  if (problem)
    throw unreadable('cli_document_syntax', firstLine(problem.message), {
      place: placeAt(source, problem.pos[0]),
      accepted: 'YAML 1.2 or JSON',
    });
  const value = toPlainJson(source);
  const named = kinds.filter((kind) => kind in value);
  const [kind] = named;
  if (kind === undefined || named.length > 1)
    throw unreadable('cli_document_kind', kindMessage(named), {
      place: placeOf(source, ''),
      accepted,
    });
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

function toPlainJson(source: DocumentSource): Record<string, unknown> {
  let value: unknown;
  try {
    value = source.tree.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw unreadable('cli_document_syntax', firstLine(String(error)), {
      place: placeOf(source, ''),
    });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw unreadable('cli_document_kind', 'this document is not an object', {
    place: placeOf(source, ''),
    accepted,
  });
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

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
