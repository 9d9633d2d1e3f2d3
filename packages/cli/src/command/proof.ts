import { askLatestProof } from '../api/rollout.ts';
import type { ProofAnswer } from '../api/answers.ts';
import { withSuggestions } from '../api/suggest.ts';
import { EXIT } from '../exit-code.ts';
import { awaitProof, isProven } from '../proof/await-proof.ts';
import { proofLines } from '../view/proof.ts';
import { formatTime } from '../view/time.ts';
import { flagArgument } from './options.ts';
import type { CommandContext, CommandModule } from './types.ts';

/** Longer than the longest default deadline; each clock is decided by its own. */
const DEFAULT_WAIT_MS = 3_600_000;

export const proof: CommandModule = {
  words: ['proof'],
  summary: 'Show whether the newest rollback or down is proven, and who is missing',
  description:
    'Shows the three clocks of the newest rollback or down of a flag: reached (every instance runs the version), silent (nobody is exposed any more) and recovered (the guardrails are back). Exit code 0 when all three are proven, else 5.',
  arguments: [flagArgument],
  options: [
    {
      syntax: '--wait [duration]',
      description: 'until all clocks are decided (default at most 1h)',
    },
  ],
  run: async (context, input) => {
    const { api, io, printer, project, environment } = context;
    const place = { project, environment, flag: input.argument(0) };
    const forMs = input.enabled('wait') ? DEFAULT_WAIT_MS : (input.durationMs('wait') ?? 0);
    const answer = await withSuggestions(api(), place, () =>
      forMs === 0
        ? askLatestProof(api(), place)
        : awaitProof(api(), place, {
            forMs,
            until: 'all',
            interrupted: io.interrupted,
            onLook: noteChanges(context),
          }),
    );
    printer.result(answer, () => [
      `${answer.kind} of ${place.flag} in ${environment} at version ${answer.version}, ${formatTime(answer.openedAtMs)}`,
      ...proofLines(answer, printer.style),
    ]);
    return isProven(answer, 'all') ? EXIT.ok : EXIT.unproven;
  },
};

/** Says in one line each time a clock was decided. */
function noteChanges({ printer }: CommandContext): (proof: ProofAnswer) => void {
  const told = new Set<string>();
  return ({ clocks }) => {
    for (const { clock, outcome } of clocks) {
      if (outcome === 'pending' || told.has(clock)) continue;
      told.add(clock);
      printer.note(`${clock} ${outcome}`);
    }
  };
}
