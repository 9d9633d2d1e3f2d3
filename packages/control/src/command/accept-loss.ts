import { changed, type Decider } from './decision.ts';

/**
 * Records what was lost, behind the last position that is known to have been given: no version may ever mean two
 * things, for instances that hold a lost one would prove what never reached them.
 */
export const acceptLoss: Decider<'acceptLoss'> = (state, command, context) => {
  const { foundAt, through, lostHash, telemetry } = command;
  const after = state.position;
  const payload = { type: 'lossAccepted', foundAt, after, through, lostHash, telemetry } as const;
  const decision = changed({ state, command, context }, [{ payload }]);
  if (!decision.ok) return decision;
  const behind = Math.max(after, through);
  return { ...decision, behind, answer: { ...decision.answer, version: behind + 1 } };
};
