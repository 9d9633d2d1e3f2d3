import type { Evidence } from '../evidence/types.ts';

/** Whose fault it is, what error budgets say, and the watch; only what is worth a sentence. */
export function contextSentences({ attribution, budgets, watch }: Evidence): string[] {
  const worse = (attribution?.hypotheses ?? []).filter(
    ({ because }) => because !== 'nothing_shown',
  );
  return [
    ...worse.map(({ hypothesis, text }) => `${hypothesis}: ${text}.`),
    ...(budgets ?? []).map(({ text }) => text),
    ...(watch?.guardrails ?? []).map(({ hypothesis, text }) => `Watch of ${hypothesis}: ${text}.`),
    ...(watch?.against === 'limit'
      ? [
          'The watch has no holdback to compare with: its alarm tells, and rolls nothing back. What stays above everything ordinary for an hour and a half is rolled back.',
        ]
      : []),
  ];
}
