import type { Io } from '../io/types.ts';

/** The few signs that are not letters. */
export interface Symbols {
  readonly done: string;
  readonly now: string;
  readonly bad: string;
  readonly open: string;
  readonly full: string;
  readonly empty: string;
  readonly separator: string;
}

const drawn: Symbols = {
  done: '✔',
  now: '▶',
  bad: '✘',
  open: '○',
  full: '█',
  empty: '░',
  separator: ' · ',
};
const typed: Symbols = {
  done: '+',
  now: '>',
  bad: '!',
  open: 'o',
  full: '#',
  empty: '.',
  separator: ', ',
};

/** Drawn signs where the locale has them; without a locale most terminals do today. */
export function symbolsFor(env: Io['env']): Symbols {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'UTF-8';
  return /utf-?8/i.test(locale) && env['TERM'] !== 'linux' ? drawn : typed;
}
