import { isAlias, isMap, isNode, isPair, isScalar, isSeq } from 'yaml';
import type { FilePlace } from '../error.ts';
import type { DocumentSource } from './types.ts';

/**
 * Where the part that a JSON pointer (RFC 6901) names stands in the file. When the part itself is
 * missing, the place is that of the nearest part around it that is there. `key` asks for the place of
 * a property's name instead of its value.
 */
export function placeOf(
  source: DocumentSource,
  pointer: string,
  part: 'value' | 'key' = 'value',
): FilePlace {
  return placeAt(source, offsetOf(source, pointer, part));
}

/** The line and column of a character offset in a file. */
function placeAt(source: Omit<DocumentSource, 'tree'>, offset: number): FilePlace {
  const { line, col } = source.lines.linePos(offset);
  const text = source.text.split('\n')[line - 1] ?? '';
  return { file: source.file, line, column: col, text: text.replace(/\r$/, '') };
}

function offsetOf(source: DocumentSource, pointer: string, part: 'value' | 'key'): number {
  let node: unknown = source.tree.contents;
  let offset = startOf(node) ?? 0;
  for (const step of pointerSteps(pointer)) {
    const found = child(node, step, source);
    if (found === undefined) break;
    const start = startOf(found.value);
    offset = (part === 'key' ? (found.keyOffset ?? start) : (start ?? found.keyOffset)) ?? offset;
    node = found.value;
  }
  return offset;
}

function pointerSteps(pointer: string): string[] {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

interface Child {
  readonly value: unknown;
  readonly keyOffset?: number | undefined;
}

function child(parent: unknown, step: string, source: DocumentSource): Child | undefined {
  const node = isAlias(parent) ? parent.resolve(source.tree) : parent;
  if (isSeq(node)) {
    const value: unknown = node.items[Number(step)];
    return value === undefined ? undefined : { value };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === step);
  return isPair(pair) ? { value: pair.value, keyOffset: startOf(pair.key) } : undefined;
}

function startOf(node: unknown): number | undefined {
  if (!isNode(node) || !node.range) return undefined;
  const [start, end] = node.range;
  // An empty value has no width and stands after its key; the key is the better place to point at.
  return isScalar(node) && start === end ? undefined : start;
}
