import type { Io } from '../io/types.ts';
import { createStyle, styleFor } from './style.ts';
import type { Style } from './style.ts';

/** Where a command says what it found and did: results on stdout, everything else on stderr. */
export interface Printer {
  /** True where stdout must carry JSON and nothing else. */
  readonly json: boolean;
  readonly style: Style;
  /** One JSON document, or the lines that a person reads. */
  result(document: unknown, lines: () => readonly string[]): void;
  /** One line of JSON, or one of text: for what comes little by little. */
  item(document: unknown, line: () => string): void;
  /** A remark to the person in front of it; left out where nobody but a program reads. */
  note(line: string): void;
}

export function createPrinter(io: Io, json: boolean): Printer {
  const { stdout, stderr } = io;
  return {
    json,
    style: json ? createStyle(false) : styleFor(stdout, io.env),
    result: (document, lines) => {
      stdout.write(json ? `${JSON.stringify(document ?? null, undefined, 2)}\n` : joined(lines()));
    },
    item: (document, line) => {
      stdout.write(json ? `${JSON.stringify(document)}\n` : joined([line()]));
    },
    note: (line) => {
      if (!json) stderr.write(joined([line]));
    },
  };
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
