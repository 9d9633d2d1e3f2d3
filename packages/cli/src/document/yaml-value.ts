import {
  type JsonValue,
  Keys,
  MOST_DEPTH,
  MOST_PROBLEMS,
  numberProblem,
  type PlaceOf,
  pointerTo,
  strayEscape,
  type TextProblem,
  textProblem,
} from '@downhaul/engine';
import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, type Scalar } from 'yaml';

/** More than any document has; a few lines of aliases of aliases can stand for billions. */
const MOST_VALUES = 100_000;

const CORE = 'tag:yaml.org,2002:';
/** Tags that say what is so without them. */
const PLAIN_TAGS: readonly string[] = ['!', `${CORE}str`, `${CORE}map`, `${CORE}seq`];

type YamlReading =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly problems: readonly TextProblem[] };

/**
 * The JSON value of a document in YAML 1.2, exactly; or what has none: numbers that JSON cannot write or
 * a double cannot keep, tags, merge keys, properties written twice or whose name is no text, aliases of
 * what contains them.
 */
export function yamlValue(tree: Document, text: string): YamlReading {
  return new YamlReader(text).read(tree);
}

/** Thrown inside only: nothing behind it can be understood. */
class Stop extends Error {
  readonly problem: TextProblem;

  constructor(problem: TextProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

interface Anchored {
  /** Absent while it is still being read. */
  readonly read?: { readonly value: JsonValue; readonly size: number };
}

class YamlReader {
  readonly #text: string;
  readonly #path: (string | number)[] = [];
  readonly #anchors = new Map<string, Anchored>();
  readonly #problems: TextProblem[] = [];
  /** How many values there are so far, those of aliases counted each time. */
  #size = 0;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(tree: Document): YamlReading {
    const [start = 0] = tree.contents?.range ?? [];
    this.#offset = start;
    const { version } = tree.directives?.yaml ?? { version: '1.2' };
    let value: JsonValue = null;
    try {
      // What its words mean is another matter there.
      if (version !== '1.2') throw new Stop(textProblem('text_version', { version }, this.#here()));
      value = this.#value(tree.contents);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      this.#problems.push(error.problem);
    }
    return this.#problems.length === 0
      ? { ok: true, value }
      : { ok: false, problems: this.#problems };
  }

  #value(node: unknown): JsonValue {
    this.#grow(1);
    if (isAlias(node)) return this.#alias(this.#moveTo(node), node.source);
    if (!isScalar(node) && !isCollection(node)) return null;
    this.#moveTo(node);
    this.#checkTag(node.tag);
    const before = this.#size - 1;
    const { anchor } = node;
    if (anchor !== undefined) this.#anchors.set(anchor, {});
    const value = isScalar(node) ? this.#scalar(node) : this.#collection(node);
    if (anchor !== undefined)
      this.#anchors.set(anchor, { read: { value, size: this.#size - before } });
    return value;
  }

  #alias(place: PlaceOf, name: string): JsonValue {
    const anchored = this.#anchors.get(name);
    if (anchored?.read !== undefined) {
      this.#grow(anchored.read.size - 1);
      return anchored.read.value;
    }
    const problem = anchored ? 'stands inside of what it names' : 'has no anchor before it';
    this.#add(textProblem('text_alias', { alias: `\`*${name}\``, problem }, place));
    return null;
  }

  #scalar(node: Scalar): JsonValue {
    const { value, type, source = '' } = node;
    if (typeof value === 'string') {
      if (type === 'QUOTE_DOUBLE') this.#add(strayEscape(value, this.#here()));
      return value;
    }
    if (typeof value === 'number') {
      this.#add(numberProblem(source, this.#here()));
      // JSON has no minus zero: whoever writes it out again writes 0.
      return value + 0;
    }
    return typeof value === 'boolean' ? value : null;
  }

  #collection(node: unknown): JsonValue {
    if (this.#path.length >= MOST_DEPTH)
      throw new Stop(textProblem('text_too_deep', { most: MOST_DEPTH }, this.#here()));
    if (isMap(node)) return this.#object(node.items);
    return isSeq(node) ? node.items.map((item, index) => this.#within(index, item)) : null;
  }

  #object(pairs: readonly { readonly key: unknown; readonly value: unknown }[]): JsonValue {
    const result: Record<string, JsonValue> = {};
    const keys = new Keys(this.#text);
    for (const { key: node, value } of pairs) {
      const place = this.#moveTo(node);
      const key = this.#key(node, value);
      if (key === undefined) continue;
      const { offset } = place();
      const problem = keys.add(key, offset, () => ({ path: this.#pointer(key), offset }));
      this.#add(problem);
      const read = this.#within(key, value);
      if (problem === undefined) result[key] = read;
    }
    return result;
  }

  /** The name of a property; undefined for what is none. */
  #key(node: unknown, value: unknown): string | undefined {
    const scalar = isScalar(node) ? node : undefined;
    this.#checkTag(scalar?.tag);
    if (scalar?.value === '<<' && scalar.type === 'PLAIN' && !isScalar(value)) {
      this.#add(textProblem('text_merge', {}, this.#here()));
      return undefined;
    }
    const name = scalar && nameOf(scalar);
    if (name === undefined) {
      const key = scalar === undefined ? 'What stands here' : `\`${scalar.source ?? ''}\``;
      this.#add(textProblem('text_key', { key }, this.#here()));
      return undefined;
    }
    if (scalar?.type === 'QUOTE_DOUBLE') this.#add(strayEscape(name, this.#here()));
    if (scalar?.anchor !== undefined)
      this.#anchors.set(scalar.anchor, { read: { value: name, size: 1 } });
    return name;
  }

  #within(step: string | number, node: unknown): JsonValue {
    this.#path.push(step);
    const value = this.#value(node);
    this.#path.pop();
    return value;
  }

  #checkTag(tag: string | undefined): void {
    if (tag === undefined || PLAIN_TAGS.includes(tag)) return;
    const shown = tag.startsWith(CORE) ? `!!${tag.slice(CORE.length)}` : tag;
    this.#add(textProblem('text_tag', { tag: `\`${shown}\`` }, this.#here()));
  }

  #grow(by: number): void {
    this.#size += by;
    if (this.#size > MOST_VALUES)
      throw new Stop(textProblem('text_too_large', { most: MOST_VALUES }, this.#here()));
  }

  #add(problem: TextProblem | undefined): void {
    if (problem !== undefined && this.#problems.length < MOST_PROBLEMS)
      this.#problems.push(problem);
  }

  #moveTo(node: unknown): PlaceOf {
    const range: unknown = (node as { readonly range?: unknown } | null)?.range;
    if (Array.isArray(range)) this.#offset = Number(range[0]);
    return this.#here();
  }

  #here(): PlaceOf {
    const offset = this.#offset;
    return () => ({ path: this.#pointer(), offset });
  }

  #pointer(...further: readonly string[]): string {
    return pointerTo([...this.#path, ...further]);
  }
}

/** `1` and `true` name the properties that JSON would write so; `1.0`, `True` and `~` name none for sure. */
function nameOf({ value, source }: Scalar): string | undefined {
  if (typeof value === 'string') return value;
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  return isPlain && String(value) === source ? source : undefined;
}
