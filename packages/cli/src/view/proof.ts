import type { Missing, ProofAnswer, ProofClockAnswer } from '../api/answers.ts';
import type { Style } from '../output/style.ts';
import { padEnd, printable } from '../output/text.ts';
import type { ProofModel } from '../watch/model.ts';

/** A proof as plain lines: one per clock, and by name whom each still misses, at most `most` of them. */
export function proofLines({ clocks }: ProofAnswer, style: Style, most = Infinity): string[] {
  return clocks.flatMap((clock) => [clockLine(clock, style), ...missingLines(clock, most)]);
}

function clockLine({ clock, outcome, statement }: ProofClockAnswer, style: Style): string {
  const mark = { proven: style.good, missed: style.bad, pending: style.warning }[outcome];
  const text = statement ? `  ${printable(statement)}` : '';
  return `  ${padEnd(clock, 9)}  ${mark(padEnd(outcome, 7))}${text}`.trimEnd();
}

function missingLines({ outcome, missing }: ProofClockAnswer, most: number): string[] {
  if (outcome === 'proven') return [];
  const rest = missing.length - most;
  return [
    ...missing.slice(0, most).map((each) => `    missing  ${nameOf(each)}: ${printable(each.why)}`),
    ...(rest > 0 ? [`    missing  and ${rest} more`] : []),
  ];
}

/** A missing instance with its service, where that is not its name already. */
export function nameOf({ name, service }: Missing): string {
  return printable(service === undefined || service === name ? name : `${name} (${service})`);
}

export function toProofModel(proof: ProofAnswer): ProofModel {
  const { id, kind, version, openedAtMs, clocks } = proof;
  return {
    id,
    kind,
    version,
    openedAtMs,
    clocks: clocks.map(({ clock, outcome, deadlineAtMs, statement, missing }) => ({
      name: clock,
      outcome,
      deadlineAtMs,
      statement,
      missing: missing.map(nameOf),
    })),
  };
}
