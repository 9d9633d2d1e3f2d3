import type { Scored } from './matrix.ts';
import { honestJudges, type Target, targetsOf } from './targets.ts';

const STATES: readonly Target['is'][] = ['not met', 'within noise', 'met'];

/** Which targets are met, those that are not first. */
export function targetsText(done: readonly Scored[]): string {
  const targets = targetsOf(done);
  const honest = honestJudges(done);
  return [
    '### Targets',
    '',
    `Judges with at most 5 % false alarms in every scenario without an effect: ${honest.length === 0 ? 'none but Downhaul' : honest.join(', ')}.`,
    '',
    ...STATES.flatMap((state) => {
      const own = targets.filter(({ is }) => is === state);
      if (own.length === 0) return [];
      return [`${state} (${own.length}):`, '', ...own.map(({ text }) => `- ${text}`), ''];
    }),
  ].join('\n');
}
