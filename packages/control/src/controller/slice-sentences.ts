import { explain, explainSlices } from '@downhaul/judge';
import type { Evidence } from '../evidence/types.ts';

/** Values that sentences speak of; the evidence has them all. */
const NAMED = 10;

/** What the totals say in sentences: all units, then the slices that look harmful. */
export function totalsSentences({ totals, slices }: Evidence): string[] {
  const spoken = slices
    .filter(({ verdict }) => verdict === 'harmful' || verdict === 'suspect')
    .slice(0, NAMED);
  return explain(
    totals.filter(
      ({ slice }) =>
        slice === undefined ||
        spoken.some(
          ({ dimension, value }) => dimension === slice.dimension && value === slice.value,
        ),
    ),
  ).map(({ text }) => text);
}

/** Which slices hold a step up, and which have too few units to be spoken of. */
export function sliceSentences({ slices, slicedSampleRatio }: Evidence): string[] {
  const sentences: string[] = [];
  if (slicedSampleRatio?.alarm === true) {
    sentences.push(asSentence(explainSlices(slicedSampleRatio)));
  }
  const suspects = named(slices, 'suspect');
  if (suspects !== '') {
    sentences.push(`A step up waits until these slices are shown to be no worse: ${suspects}.`);
  }
  const few = named(slices, 'tooFew');
  if (few !== '') sentences.push(`Too few units yet to say that nothing is worse: ${few}.`);
  return sentences;
}

function named(slices: Evidence['slices'], verdict: Evidence['slices'][number]['verdict']): string {
  const found = slices.filter((each) => each.verdict === verdict);
  const names = found.slice(0, NAMED).map(({ dimension, value }) => `${dimension}=${value}`);
  const others = found.length - names.length;
  return names.join(', ') + (others > 0 ? ` and ${others} more` : '');
}

function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
