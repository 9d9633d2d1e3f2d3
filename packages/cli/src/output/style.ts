import { styleText } from 'node:util';
import type { Io, Output } from '../io/types.ts';

/** How words are marked. Every function returns its text unchanged where colour is off. */
export interface Style {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
}

/** Colour only on a terminal; NO_COLOR switches it off, FORCE_COLOR on (no-color.org). */
export function styleFor(output: Output, env: Io['env']): Style {
  return createStyle(wantsColour(output, env));
}

export function createStyle(colour: boolean): Style {
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    colour && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return {
    strong: paint('bold'),
    faint: paint('dim'),
    good: paint('green'),
    warning: paint('yellow'),
    bad: paint(['bold', 'red']),
  };
}

function wantsColour(output: Output, env: Io['env']): boolean {
  if (isSet(env['NO_COLOR'])) return false;
  if (isSet(env['FORCE_COLOR'])) return env['FORCE_COLOR'] !== '0';
  return output.isTerminal && env['TERM'] !== 'dumb';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
