import type { JsonValue } from '@downhaul/engine';
import type { Actor } from '../command/types.ts';
import { changesOf, type FieldChange } from './changes-of.ts';
import { sameJson } from './same-json.ts';

/** A document that was put, by whom and when. */
export interface PastPut {
  readonly document: JsonValue;
  readonly actor: Actor;
  readonly atMs: number;
  /** Log position of the put. */
  readonly version: number;
}

/** What somebody else had changed, and a put changes again. */
type OthersChange = {
  readonly field: string;
  readonly by: { readonly kind: string; readonly id: string; readonly name?: string };
  readonly version: number;
  readonly atMs: number;
  /** True where it is as it was before the other one changed it. */
  readonly takenBack: boolean;
};

/**
 * Which of the changes that a document makes are about something that somebody else changed last. `past`
 * has the puts before it, the oldest first; who put the first of them has changed nothing that could be told.
 */
export function othersChanges(
  document: JsonValue,
  past: readonly PastPut[],
  me: Actor,
): readonly OthersChange[] {
  const present = past.at(-1)?.document;
  const changes = present === undefined ? [] : changesOf(present, document);
  const steps = past.slice(1).map((put, index) => ({
    put,
    changes: changesOf(past[index]!.document, put.document),
  }));
  return changes.flatMap((change) => {
    const last = steps.findLast((step) => step.changes.some((each) => touches(each, change)));
    if (last === undefined || isSame(last.put.actor, me)) return [];
    const { actor, version, atMs } = last.put;
    const earlier = last.changes.find(({ field }) => field === change.field);
    const takenBack = earlier !== undefined && sameJson(earlier.before, change.after);
    return [{ field: change.field, by: { ...actor }, version, atMs, takenBack }];
  });
}

/** Whether one is about the other, or about a part of it. */
function touches(one: FieldChange, other: FieldChange): boolean {
  const [a, b] = [`${one.field}/`, `${other.field}/`];
  return a.startsWith(b) || b.startsWith(a);
}

/** Events of earlier releases have the name of a token in the place of its id. */
function isSame(one: Actor, me: Actor): boolean {
  if (one.kind !== me.kind) return false;
  return one.id === me.id || (one.name === undefined && one.id === me.name);
}
