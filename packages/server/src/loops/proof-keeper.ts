import { type CommandBody, nextProofCommand, type ProofState } from '@downhaul/control';
import type { ServerContext } from '../http/context.ts';
import { assess } from '../proof/assess.ts';
import { tellStreams } from './tell-streams.ts';

interface ProofKeeper {
  /** Records every clock of every open proof that became proven or passed its deadline. */
  look(): Promise<void>;
}

/** A proof that is not complete after so long is left as it is. */
const GIVE_UP_MS = 86_400_000;

export function createProofKeeper(context: ServerContext): ProofKeeper {
  const { log, metrics, logger, store, intake } = context;
  return {
    look: async () => {
      const open = () => [...log.state.proofs.values()].filter((each) => isOpen(each));
      if (open().length === 0) return;
      tellStreams(context, open());
      const settledThrough = await intake.settle();
      for (const proof of open()) {
        // Of what instances told before the rollback nothing may be missing from what is looked at.
        if (proof.version > settledThrough) continue;
        try {
          await record(context, proof, settledThrough);
        } catch (error) {
          metrics.count('downhaul_loop_failures_total', 1, { loop: 'proof' });
          logger.error({ err: error, proof: proof.id }, 'a proof could not be assessed');
        }
      }
    },
  };

  function isOpen({ clocks, openedAtMs }: ProofState): boolean {
    if (store.nowMs() - openedAtMs > GIVE_UP_MS) return false;
    const proven = Object.values(clocks).filter(({ outcome }) => outcome === 'proven');
    return proven.length < 3;
  }
}

async function record(
  context: ServerContext,
  proof: ProofState,
  settledThrough: number,
): Promise<void> {
  const command = nextProofCommand(assess(context, proof, settledThrough));
  if (command?.type === 'recordProof') await append(context, proof, command);
}

async function append(
  { log, ids, logger }: ServerContext,
  { id, project }: ProofState,
  command: Extract<CommandBody, { type: 'recordProof' }>,
): Promise<void> {
  const key = `${project}/${id}/${command.clock}/${command.outcome}`;
  const envelope = {
    project,
    actor: { kind: 'controller', id: 'controller' },
    correlationId: ids.uuid(),
    idempotencyKey: key,
  } as const;
  const outcome = await log.execute({ ...envelope, ...command }, { commandHash: key });
  if (outcome.kind !== 'done' || outcome.replayed) return;
  const { clock, statement, missing } = command;
  const level = command.outcome === 'missed' ? 'warn' : 'info';
  logger[level]({ proof: id, clock, outcome: command.outcome, missing }, statement);
}
