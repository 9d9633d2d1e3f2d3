import {
  type JsonValue,
  MOST_DEPTH,
  strayCharacter,
  type TextProblem,
  textProblem,
} from '@downhaul/engine';
import { type Document, isScalar, LineCounter, parseAllDocuments } from 'yaml';
import { textFailure } from './text-failure.ts';
import type { DocumentSource } from './types.ts';
import { yamlValue } from './yaml-value.ts';

/** A document that is not empty, still knowing where each of its parts stands. */
export interface ParsedDocument {
  readonly value: JsonValue;
  readonly source: DocumentSource;
}

/**
 * The documents in a text of YAML 1.2, which contains JSON, as the JSON values that they stand for.
 * Throws CommandError with all places where one has none.
 */
export function parseYaml(file: string, text: string): ParsedDocument[] {
  const stray = strayCharacter(text);
  if (stray !== undefined) throw textFailure({ file, text }, [stray]);
  const lines = new LineCounter();
  const trees = treesOf({ file, text, lines });
  const problems: TextProblem[] = [];
  const documents: ParsedDocument[] = [];
  for (const tree of trees) {
    const reading = tree.errors.length > 0 ? syntaxProblems(tree) : yamlValue(tree, text);
    if (!reading.ok) problems.push(...reading.problems);
    else if (!isEmpty(tree))
      documents.push({ value: reading.value, source: { file, text, lines, tree } });
  }
  if (problems.length > 0) throw textFailure({ file, text }, problems);
  return documents;
}

function treesOf({ file, text, lines }: Omit<DocumentSource, 'tree'>): readonly Document[] {
  const offset = tooDeepAt(text);
  if (offset !== undefined) {
    const place = () => ({ path: '', offset });
    throw textFailure({ file, text }, [textProblem('text_too_deep', { most: MOST_DEPTH }, place)]);
  }
  const trees = parseAllDocuments(text, {
    lineCounter: lines,
    version: '1.2',
    prettyErrors: false,
    resolveKnownTags: false,
    uniqueKeys: false,
  });
  return Array.isArray(trees) ? trees : [];
}

/** Far more brackets than may be open at a time, even if some stand in texts. */
const MOST_OPEN = 1_000;

/** Where so many brackets are open that the parser, which calls itself for each, would not come back. */
function tooDeepAt(text: string): number | undefined {
  let open = 0;
  for (const { 0: bracket, index } of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > MOST_OPEN) return index;
  }
  return undefined;
}

function syntaxProblems({ errors }: Document): {
  readonly ok: false;
  readonly problems: readonly TextProblem[];
} {
  const problems = errors.slice(0, 1).map(({ message, pos }): TextProblem => {
    const firstLine = message.split('\n')[0] ?? message;
    return { code: 'text_syntax', message: firstLine, path: '', offset: pos[0] };
  });
  return { ok: false, problems };
}

/** Nothing, or comments only. */
function isEmpty({ contents }: Document): boolean {
  return contents === null || (isScalar(contents) && contents.value === null && !contents.source);
}
