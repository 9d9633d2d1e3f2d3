import { formatDuration } from '../output/figures.ts';
import { padEnd, printable, someOf } from '../output/text.ts';
import type { Layout } from './layout.ts';
import type { ClockModel, ProofModel } from './model.ts';

/** The three clocks of a rollback proof, each with its state and what it still misses. */
export function proofSection(proof: ProofModel, nowMs: number, layout: Layout): string[] {
  const what = proof.kind === 'down' ? 'down' : 'rollback';
  return [
    layout.style.faint(`proof of the ${what} at version ${proof.version}`),
    ...proof.clocks.flatMap((clock) => clockLines(clock, nowMs, layout)),
  ];
}

function clockLines(clock: ClockModel, nowMs: number, { style, symbols }: Layout): string[] {
  const name = padEnd(clock.name, 9);
  const statement = clock.statement ? `  ${printable(clock.statement)}` : '';
  const missing =
    clock.missing.length === 0 ? [] : [`    missing  ${printable(someOf(clock.missing, 5))}`];
  switch (clock.outcome) {
    case 'proven':
      return [`  ${style.good(`${symbols.done} ${name}`)}${statement}`];
    case 'missed':
      return [
        `  ${style.bad(`${symbols.bad} ${name}`)}${statement || '  deadline missed'}`,
        ...missing,
      ];
    case 'pending': {
      const left = clock.deadlineAtMs - nowMs;
      const when = left > 0 ? `${formatDuration(left)} to its deadline` : 'past its deadline';
      return [
        `  ${style.warning(`${symbols.open} ${name}`)}${statement}  ${style.faint(when)}`,
        ...missing,
      ];
    }
  }
}
