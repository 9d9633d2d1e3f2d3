import type { Failure, FilePlace } from '../error.ts';
import type { Style } from './style.ts';
import { printable } from './text.ts';

/** An error as a person reads it: what is wrong, where, what would be accepted, what to do. */
export function failureLines(failure: Failure, style: Style): string[] {
  const { code, message, place, accepted, details, hints = [], more = [] } = failure;
  return [
    `${style.bad('error')}: ${printable(message)} ${style.faint(`(${printable(code)})`)}`,
    ...(place ? placeLines(place, style) : pathLines(failure)),
    ...(accepted ? [`  ${style.faint('accepted:')} ${printable(accepted)}`] : []),
    ...detailLines(details),
    ...hints.map((hint) => `  ${printable(hint)}`),
    ...more.flatMap((other) => failureLines(other, style)),
  ];
}

/** An error as a program reads it: one JSON document on stderr. */
export function failureJson(failure: Failure): string {
  return JSON.stringify({ error: jsonOf(failure) });
}

function jsonOf({ place, more, ...rest }: Failure): object {
  const where = place && { file: place.file, line: place.line, column: place.column };
  return { ...rest, ...where, ...(more ? { more: more.map(jsonOf) } : {}) };
}

/** Where no file is at hand, a pointer tells something only about a body or a parameter. */
function pathLines({ path, code }: Failure): string[] {
  return path && /^(body|parameter)_/.test(code) ? [`  at ${printable(path)}`] : [];
}

function placeLines(place: FilePlace, style: Style): string[] {
  const number = String(place.line);
  const margin = ' '.repeat(number.length);
  const before = place.text.slice(0, place.column - 1).replace(/[^\t]/g, ' ');
  return [
    `${margin}${style.faint('-->')} ${place.file}:${place.line}:${place.column}`,
    `${style.faint(`${number} |`)} ${printable(place.text.replaceAll('\t', ' '))}`,
    `${margin} ${style.faint('|')} ${before.replaceAll('\t', ' ')}${style.bad('^')}`,
  ];
}

function detailLines(details: unknown): string[] {
  if (details === undefined || details === null) return [];
  if (Array.isArray(details))
    return details.slice(0, 20).map((detail) => `  - ${detailText(detail)}`);
  if (typeof details !== 'object') return [`  ${detailText(details)}`];
  if ('moved' in details && Array.isArray(details.moved))
    return (details.moved as readonly Moved[]).flatMap(movedLines);
  return Object.entries(details)
    .filter(([, value]) => !(Array.isArray(value) && value.length === 0))
    .flatMap(([name, value]) =>
      name === 'effects' && Array.isArray(value)
        ? (value as readonly Effect[]).map(effectLine)
        : [`  ${printable(name)}: ${detailText(value)}`],
    );
}

/** What a refused change would have done at once to the units of a flag. */
interface Effect {
  readonly environment: string;
  readonly flag: string;
  readonly does: string;
  readonly units: string;
}

const UNITS: Readonly<Record<string, string>> = {
  everyone: 'everyone',
  part: 'a part of everyone',
  described: 'those whom a condition describes',
  named: 'those whom a condition names',
};

function effectLine({ does, flag, units, environment }: Effect): string {
  return printable(`  - ${does} ${flag} for ${UNITS[units] ?? units} in ${environment}`);
}

/** A subject that others changed since it was read. */
interface Moved {
  readonly subject: string;
  readonly expected: number;
  readonly now: { readonly version: number };
  readonly meanwhile?: readonly {
    readonly version: number;
    readonly by: { readonly id: string; readonly name?: string };
    readonly changes: readonly string[];
  }[];
}

function movedLines({ subject, expected, now, meanwhile = [] }: Moved): string[] {
  return [
    `  ${printable(subject)} was read at version ${expected} and is at ${now.version}`,
    ...meanwhile.flatMap(({ version, by, changes }) => [
      `  version ${version} by ${printable(by.name ?? by.id)}:`,
      ...changes.map((change) => `    ${printable(change)}`),
    ]),
  ];
}

function detailText(detail: unknown): string {
  return printable(typeof detail === 'string' ? detail : JSON.stringify(detail));
}
