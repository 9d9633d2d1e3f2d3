import type { FlagKind } from '@downhaul/engine';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import type { Effect, Units } from './types.ts';

/** What an effect is judged with. */
interface Change {
  /** What is put: a rule's author knows whom it is for, the author of a segment knows no flag. */
  readonly of: 'flag' | 'segment';
  readonly kindsOf: (flag: string) => readonly FlagKind[];
}

/**
 * True if an effect has to be asked for: a raise at once, in the words of docs/changes.md. What lowers never is.
 */
export function isAskedFor({ does, units, place, flag }: Effect, change: Change): boolean {
  if (does === 'lowers') return false;
  if (units === 'named') return false;
  if (units === 'described') return does === 'raises' && change.of === 'segment';
  if (units === 'everyone' || !place.startsWith('/environments/')) return true;
  // To divide everybody is what an experiment is for.
  return change.kindsOf(flag).some((kind) => kind !== 'experiment');
}

const UNIT_WORDS: Readonly<Record<Units, string>> = {
  everyone: 'everyone',
  part: 'a part of everyone',
  described: 'everyone whom a condition describes',
  named: 'those whom a condition names',
};

/** The refusal for effects that nobody asked for; its details name them all. */
export function askFor(effects: readonly [Effect, ...Effect[]]): DomainError {
  const [{ does, flag, environment, units, place }] = effects;
  const details = { effects: effectFacts(effects) };
  const facts = { flag, environment, units: UNIT_WORDS[units] };
  const code = does === 'leaves' ? 'flag_leaves_at_once' : 'flag_raise_at_once';
  return domainError(code, facts, { path: place, details });
}

/** Effects as answers and refusals tell them. */
export function effectFacts(effects: readonly Effect[]) {
  return effects.map(({ environment, flag, does, units, place }) => ({
    ...{ environment, flag, does, units },
    path: place,
  }));
}
