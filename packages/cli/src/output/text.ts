import { stripVTControlCharacters } from 'node:util';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const wide =
  /\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}|[\uff01-\uff60]/u;

/**
 * Text from outside as it may be shown: names of instances come from whoever sends telemetry, and a
 * control character in one must not move the cursor of the terminal it is shown on.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(
    /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    ' ',
  );
}

/** Character cells that a text takes on a terminal, marks for colour not counted. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of segmenter.segment(stripVTControlCharacters(text)))
    width += wide.test(segment) ? 2 : 1;
  return width;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Cuts to `width` cells and keeps marks for colour whole; the last cell says that more followed. */
export function truncate(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  if (width <= 0) return '';

  const parts = text.split(/(\u001b\[[\d;]*m)/);
  let left = width - 1;
  let cut = '';
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 1) cut += part;
    else left = takeGraphemes(part, left, (taken) => (cut += taken));
  }
  return cut;
}

/** Passes on what fits, and an ellipsis where it stops fitting; returns the cells left, -1 once full. */
function takeGraphemes(text: string, left: number, add: (text: string) => void): number {
  if (left < 0) return left;
  for (const { segment } of segmenter.segment(text)) {
    const width = displayWidth(segment);
    if (width > left) {
      add('…');
      return -1;
    }
    add(segment);
    left -= width;
  }
  return left;
}

/** Breaks a text into lines of at most `width` cells, at spaces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line === '') line = word;
    else if (displayWidth(line) + 1 + displayWidth(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** The names that fit into a sentence, and how many more there are. */
export function someOf(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
