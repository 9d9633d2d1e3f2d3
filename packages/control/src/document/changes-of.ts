import type { JsonValue } from '@downhaul/engine';
import { changeText } from './change-text.ts';
import { pointer } from './pointer.ts';
import { sameJson } from './same-json.ts';

/** One difference between two documents of the same thing. */
export type FieldChange = {
  /** A JSON pointer, in which members of lists are named as people name them: `/environments/production/rules/staff`. */
  readonly field: string;
  /** Absent where it was not there. */
  readonly before?: JsonValue;
  /** Absent where it is gone. */
  readonly after?: JsonValue;
  /** The same in words. */
  readonly text: string;
};

/**
 * What the second document says differently, field by field, in its own order; both with every default
 * written out, as the writers of documents do it.
 */
export function changesOf(before: JsonValue, after: JsonValue): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  compare({ steps: [], before, after }, changes);
  return changes;
}

interface Pair {
  readonly steps: readonly string[];
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/** Replaced as a whole: a change inside of a condition makes another condition. */
const WHOLE: readonly string[] = ['if', 'audience', 'plus', 'horizons', 'steps'];

function compare(pair: Pair, changes: FieldChange[]): void {
  if (sameJson(pair.before, pair.after)) return;
  const last = pair.steps.at(-1) ?? '';
  const before = WHOLE.includes(last) ? undefined : membersOf(pair.before, last);
  const after = WHOLE.includes(last) ? undefined : membersOf(pair.after, last);
  if (before === undefined || after === undefined || before.isList !== after.isList) {
    changes.push(changeOf(pair));
    return;
  }
  const names = new Set([...after.byName.keys(), ...before.byName.keys()]);
  for (const name of names) {
    const steps = [...pair.steps, name];
    compare({ steps, before: before.byName.get(name), after: after.byName.get(name) }, changes);
  }
  if (after.isList) compareOrder(pair, { before, after }, changes);
}

/** A step that no name is: the order of a list, which for rules and weights decides who is served what. */
const ORDER = '(order)';

function compareOrder(
  { steps }: Pair,
  { before, after }: { readonly before: Members; readonly after: Members },
  changes: FieldChange[],
): void {
  const stayed = (one: Members, other: Members) =>
    [...one.byName.keys()].filter((name) => other.byName.has(name));
  const [was, is] = [stayed(before, after), stayed(after, before)];
  if (!sameJson(was, is))
    changes.push(changeOf({ steps: [...steps, ORDER], before: was, after: is }));
}

/** What is in an object or a list, by the names that people use. */
interface Members {
  readonly isList: boolean;
  readonly byName: ReadonlyMap<string, JsonValue>;
}

/** By which properties people tell the members of a list apart; otherwise by their number. */
const IDENTITY: Readonly<Record<string, readonly string[]>> = {
  rules: ['name'],
  guardrails: ['metric', 'quantile'],
  signals: ['metric', 'quantile'],
  success: ['metric'],
  flags: ['flag'],
  services: ['service', 'contract'],
  weights: ['variant'],
  slices: ['attribute'],
};

/** Undefined for what is no object or list, or a list in which two have one name. */
function membersOf(value: JsonValue | undefined, list: string): Members | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return { isList: false, byName: new Map(Object.entries(value)) };
  const members = value as readonly JsonValue[];
  const byName = new Map(members.map((each, index) => [nameOf(each, list, index), each]));
  return byName.size === members.length ? { isList: true, byName } : undefined;
}

function nameOf(member: JsonValue, list: string, index: number): string {
  if (typeof member === 'string') return member;
  const identity = Object.hasOwn(IDENTITY, list) ? IDENTITY[list]! : [];
  const { byName } = membersOf(member, '') ?? {};
  const named = identity.flatMap((property) => byName?.get(property) ?? []);
  return named.length > 0 ? named.map(String).join(' ') : String(index + 1);
}

function changeOf({ steps, before, after }: Pair): FieldChange {
  return {
    field: steps.reduce<string>(pointer, ''),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    text: changeText({ steps, before, after }),
  };
}
