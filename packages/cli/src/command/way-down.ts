import type { ChangeAnswer } from '../api/answers.ts';
import type { Call } from '../api/api.ts';
import { changeFlag } from '../api/change-flag.ts';
import type { FlagPlace } from '../api/flag-place.ts';
import type { ProofAnswer } from '../api/answers.ts';
import { patienceOfWayDown } from '../api/retry.ts';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { awaitProof, isProven } from '../proof/await-proof.ts';
import { nameOf, proofLines } from '../view/proof.ts';
import { someOf } from '../output/text.ts';
import type { CommandInput } from './input.ts';
import type { CommandContext } from './types.ts';

const DEFAULT_WAIT_MS = 10_000;
/** So that what happened stays on the screen; `downhaul proof` names everyone. */
const NAMED_AT_MOST = 10;

interface WayDown {
  readonly call: (place: FlagPlace) => Call<ChangeAnswer>;
  /** Says what is so now, first of all and before any waiting. */
  readonly say: (answer: ChangeAnswer) => string;
}

/**
 * `down` and `rollback`: sent more insistently than anything else, safe to repeat, and followed by a
 * short wait until every instance has it. What cannot be said after the change never looks like a
 * failure of the change.
 */
export async function goDown(
  context: CommandContext,
  input: CommandInput,
  { call, say }: WayDown,
): Promise<ExitCode> {
  const { api, printer, project, environment } = context;
  const place: FlagPlace = { project, environment, flag: input.argument(0) };
  const waitMs = readWaitMs(input);
  const answer = await changeFlag(api(), place, {
    call: call(place),
    justification: input.text('justification'),
    patience: patienceOfWayDown,
  });
  if (!printer.json) printer.result(undefined, () => [say(answer), ...alongWith(answer)]);
  if (waitMs === 0) {
    if (printer.json) printer.result(answer, () => []);
    return EXIT.ok;
  }
  const proof = await lookForProof(context, place, waitMs);
  const proven = proof === undefined || (proof !== 'unknown' && isProven(proof, 'reached'));
  if (printer.json)
    printer.result({ ...answer, proof: typeof proof === 'object' ? proof : null }, () => []);
  else if (typeof proof === 'object') report(context, place, proof);
  return proven ? EXIT.ok : EXIT.unproven;
}

function alongWith({ dependants = [] }: ChangeAnswer): string[] {
  return dependants.length === 0
    ? []
    : [`rolled back with it, because they require it: ${dependants.join(', ')}`];
}

function readWaitMs(input: CommandInput): number {
  return input.disabled('wait') ? 0 : (input.durationMs('wait') ?? DEFAULT_WAIT_MS);
}

/** The proof; undefined where none was ever opened, `unknown` where nobody could be asked. */
async function lookForProof(
  { api, io, printer }: CommandContext,
  place: FlagPlace,
  forMs: number,
): Promise<ProofAnswer | undefined | 'unknown'> {
  let told = false;
  try {
    return await awaitProof(api(), place, {
      forMs,
      until: 'reached',
      interrupted: io.interrupted,
      onLook: (proof) => {
        const missing = proof.clocks.find(({ clock }) => clock === 'reached')?.missing ?? [];
        if (told || missing.length === 0) return;
        told = true;
        printer.note(`waiting for ${someOf(missing.map(nameOf), 5)}`);
      },
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { code, message } = error.failure;
    if (code === 'proof_not_found') return undefined;
    if (code === 'cli_interrupted')
      throw error.with({ message: `${message}: it is in effect, only the waiting has ended` });
    printer.note(`it is in effect, but its proof could not be asked for: ${message}`);
    return 'unknown';
  }
}

function report({ printer }: CommandContext, { flag }: FlagPlace, proof: ProofAnswer): void {
  const next = proof.clocks.some(({ outcome }) => outcome === 'pending')
    ? [`to follow the proof: downhaul proof ${flag} --wait`]
    : [];
  printer.result(undefined, () => [...proofLines(proof, printer.style, NAMED_AT_MOST), ...next]);
}
