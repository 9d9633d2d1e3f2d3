import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { pointer } from './pointer.ts';

/**
 * Reads one value of a document. What is wrong is added to `problems`, and then the answer is undefined;
 * a reader goes on after a problem, so that a person hears of all of them at once.
 */
export type Reader<Value> = (
  value: unknown,
  path: string,
  problems: DomainError[],
) => Value | undefined;

/** What a reader of properties gives. */
export type ValueOf<AnyReader> = AnyReader extends Reader<infer Value> ? Value : never;

type Readers = Readonly<Record<string, Reader<unknown>>>;
type Values<Each extends Readers> = { readonly [Name in keyof Each]: ValueOf<Each[Name]> };

/** An object with these properties and no others. */
export function objectOf<Required extends Readers, Optional extends Readers>(
  required: Required,
  optional: Optional,
): Reader<Values<Required> & Partial<Values<Optional>>> {
  const readers: Readers = { ...required, ...optional };
  const accepted = Object.keys(readers).join(', ');
  return (value, path, problems) => {
    if (!isObject(value))
      return wrongType(value, { path, accepted: `an object of ${accepted}` }, problems);
    const before = problems.length;
    const result: Record<string, unknown> = {};
    for (const [property, each] of Object.entries(value)) {
      const reader = Object.hasOwn(readers, property) ? readers[property] : undefined;
      const place = { path: pointer(path, property), accepted };
      if (reader !== undefined) result[property] = reader(each, place.path, problems);
      else problems.push(domainError('document_property_unknown', { property }, place));
    }
    for (const property of Object.keys(required)) {
      if (Object.hasOwn(value, property)) continue;
      problems.push(
        domainError('document_property_missing', { property }, { path, accepted: property }),
      );
    }
    return problems.length > before
      ? undefined
      : (result as Values<Required> & Partial<Values<Optional>>);
  };
}

/** A list of at most so many values. */
export function listOf<Value>(
  reader: Reader<Value>,
  { least = 0, most }: { readonly least?: number; readonly most: number },
): Reader<readonly Value[]> {
  const accepted = least > 0 ? `a list of ${least} to ${most}` : `a list of at most ${most}`;
  return (value, path, problems) => {
    if (!Array.isArray(value)) return wrongType(value, { path, accepted }, problems);
    if (value.length > most)
      return tooMany(value.length, { what: 'entries', path, accepted }, problems);
    if (value.length < least) return wrongValue(value, { path, accepted }, problems);
    const results = value.map((each, index) => reader(each, pointer(path, index), problems));
    return results.includes(undefined) ? undefined : (results as readonly Value[]);
  };
}

/** An object from keys of a person's choice to values. */
export function recordOf<Value>(
  reader: Reader<Value>,
  {
    key,
    least = 0,
    most,
  }: { readonly key: Reader<string>; readonly least?: number; readonly most: number },
): Reader<Readonly<Record<string, Value>>> {
  const accepted = `an object of ${least > 0 ? `${least} to` : 'at most'} ${most} properties`;
  return (value, path, problems) => {
    if (!isObject(value)) return wrongType(value, { path, accepted }, problems);
    const entries = Object.entries(value);
    if (entries.length > most)
      return tooMany(entries.length, { what: 'properties', path, accepted }, problems);
    if (entries.length < least) return wrongValue(value, { path, accepted }, problems);
    const before = problems.length;
    const results = entries.map(([name, each]) => {
      const place = pointer(path, name);
      return [key(name, place, problems), reader(each, place, problems)] as const;
    });
    if (problems.length > before) return undefined;
    return Object.fromEntries(results as readonly (readonly [string, Value])[]);
  };
}

/** A text of a pattern and at most so many characters. */
export function textOf({
  pattern,
  most = 200,
  least = 1,
  accepted,
}: {
  readonly pattern?: string;
  readonly most?: number;
  readonly least?: number;
  readonly accepted: string;
}): Reader<string> {
  const form = pattern === undefined ? undefined : new RegExp(pattern);
  return (value, path, problems) => {
    const place = { path, accepted };
    if (typeof value !== 'string') return wrongType(value, place, problems);
    if (value.length > most)
      return tooMany(value.length, { ...place, what: 'characters' }, problems);
    if (value.length < least || form?.test(value) === false)
      return wrongValue(value, place, problems);
    return value;
  };
}

/** A text that stands for something else, such as a duration. */
export function parsedBy<Value>(
  parse: (text: string) => Value | undefined,
  accepted: string,
): Reader<Value> {
  return (value, path, problems) => {
    if (typeof value !== 'string') return wrongType(value, { path, accepted }, problems);
    return parse(value) ?? wrongValue(value, { path, accepted }, problems);
  };
}

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Reader<Word> {
  const accepted = words.join(', ');
  return (value, path, problems) => {
    const known = words.find((word) => word === value);
    if (known !== undefined) return known;
    const wrong = typeof value === 'string' ? wrongValue : wrongType;
    return wrong(value, { path, accepted }, problems);
  };
}

/** A number within bounds, both included. */
export function numberOf({
  least,
  most,
  whole = false,
}: {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}): Reader<number> {
  const accepted = `a ${whole ? 'whole ' : ''}number from ${least} to ${most}`;
  return (value, path, problems) => {
    if (typeof value !== 'number') return wrongType(value, { path, accepted }, problems);
    const fits = value >= least && value <= most && (!whole || Number.isInteger(value));
    return fits ? value : wrongValue(value, { path, accepted }, problems);
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Place {
  readonly path: string;
  readonly accepted: string;
}

export function wrongType(value: unknown, place: Place, problems: DomainError[]): undefined {
  problems.push(domainError('document_type', { found: kindOf(value) }, place));
}

export function wrongValue(value: unknown, place: Place, problems: DomainError[]): undefined {
  problems.push(domainError('document_value', { found: shown(value) }, place));
}

function tooMany(
  count: number,
  at: Place & { readonly what: string },
  problems: DomainError[],
): undefined {
  const { what, path, accepted } = at;
  problems.push(domainError('document_too_large', { count, what }, { path, accepted }));
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return `the ${typeof value} ${shown(value)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
