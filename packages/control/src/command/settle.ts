import type { FlagKind } from '@downhaul/engine';
import { askFor, isAskedFor } from '../effect/asked-for.ts';
import { effectsOf } from '../effect/effects-of.ts';
import type { Effect } from '../effect/types.ts';
import type { DomainError } from '../error/types.ts';
import { stateAfter } from '../event/state-after.ts';
import { proofId } from '../rollout/proof-id.ts';
import { isRaised } from '../rollout/transitions.ts';
import type { ControlState } from '../state/types.ts';
import { changed, type Draft, type Occasion } from './decision.ts';

/** A change of documents on its way to a decision. */
interface DocumentChange {
  readonly drafts: readonly Draft[];
  /** The flags that it touches, in these environments. */
  readonly flags: readonly string[];
  readonly environments: readonly string[];
  /** What is put, as a subject: `flag new-checkout`. */
  readonly subject: string;
  readonly of: 'flag' | 'segment';
}

/** A change with all that follows from it. */
export interface Settled {
  readonly drafts: readonly Draft[];
  readonly effects: readonly Effect[];
  /** Of these, what has to be asked for: a raise at once. */
  readonly asked: readonly Effect[];
  /** Ids of the proofs of the rollouts that it takes back. */
  readonly rolledBack: readonly string[];
}

/**
 * What a change of documents leads to. What it lowers it treats as the way down does: a rollout that loses
 * ordinary units of its treatment is rolled back in the same change, with a proof, and so are those that depend
 * on it. Costs as much as the flags that are touched and those that depend on them.
 */
export function settle(occasion: Occasion, change: DocumentChange): Settled {
  const { state } = occasion;
  let settled: Settled = { drafts: change.drafts, effects: [], asked: [], rolledBack: [] };
  for (;;) {
    const { drafts, rolledBack } = settled;
    const after = stateAfter(state, eventsOf(occasion, drafts));
    const { effects, asked } = lookedAt(occasion, change, after);
    settled = { drafts, effects, asked, rolledBack };
    const losing = effects.filter((effect) => isServing(after, effect, occasion));
    if (losing.length === 0 || unaskedFor(settled, occasion.command) !== undefined) return settled;
    const rollbacks = losing.map((effect, index) => {
      const position = state.position + drafts.length + index + 1;
      return rollbackOf(effect, change.subject, position);
    });
    const proofs = rollbacks.map(({ payload }) => payload.proof);
    settled = {
      ...settled,
      drafts: [...drafts, ...rollbacks],
      rolledBack: [...rolledBack, ...proofs],
    };
  }
}

/** So many are named where nobody asked for them; then it is refused, whatever else there is. */
const ENOUGH_TO_REFUSE = 20;

function lookedAt(
  { state, command }: Occasion,
  change: DocumentChange,
  after: ControlState,
): Pick<Settled, 'effects' | 'asked'> {
  const { project } = command as { readonly project: string };
  const kinds = (flag: string) => kindsOf([state, after], project, flag);
  const isAsked = (effect: Effect) => isAskedFor(effect, { of: change.of, kindsOf: kinds });
  const isAsking = isAskedByName(command);
  const effects = effectsOf({
    before: state,
    after,
    project,
    environments: change.environments,
    flags: change.flags,
    units: change.of === 'segment' ? 'all' : 'ordinary',
    isEnough: (found) => !isAsking && found.filter(isAsked).length >= ENOUGH_TO_REFUSE,
  });
  return { effects, asked: effects.filter(isAsked) };
}

/** The refusal of what nobody asked for by name and with a why; undefined where nothing has to be. */
export function unaskedFor({ asked }: Settled, command: Asking): DomainError | undefined {
  const [first, ...rest] = asked;
  if (first === undefined || isAskedByName(command)) return undefined;
  return askFor([first, ...rest]);
}

/** What of a command asks for a raise at once. */
type Asking = object & { readonly atOnce?: boolean; readonly justification?: object };

function isAskedByName(command: Asking): boolean {
  return command.atOnce === true && command.justification !== undefined;
}

function eventsOf(occasion: Occasion, drafts: readonly Draft[]) {
  const decision = changed(occasion, drafts);
  return decision.ok ? decision.events : [];
}

/** True of an effect that takes units from a rollout which is still raised. */
function isServing(
  state: ControlState,
  { flag, environment, fromRollout }: Effect,
  { command }: Occasion,
): boolean {
  const { project } = command as { readonly project: string };
  const here = state.projects.get(project)?.flags.get(flag)?.environments[environment];
  return fromRollout && isRaised(here?.rollout);
}

function kindsOf(
  states: readonly ControlState[],
  project: string,
  flag: string,
): readonly FlagKind[] {
  return states.flatMap((state) => {
    const known = state.projects.get(project)?.flags.get(flag);
    return known === undefined ? [] : [known.definition.kind];
  });
}

function rollbackOf({ flag, environment }: Effect, subject: string, position: number) {
  const cause = {
    code: 'change_lowered',
    text: `The change of the ${subject} took units out of the treatment of this rollout.`,
  };
  const proof = proofId({ environment, flag, position });
  const payload = { type: 'rolloutRolledBack', flag, environment, cause, proof } as const;
  return { payload, environments: [environment] };
}
