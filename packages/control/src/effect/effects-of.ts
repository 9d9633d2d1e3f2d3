import type { Condition, Evaluation, JsonValue, SnapshotFlag } from '@downhaul/engine';
import { sameJson } from '../document/same-json.ts';
import type { ControlState } from '../state/types.ts';
import { ordinaryCases, singledOut, type UnitCase } from './cases.ts';
import { newValues } from './new-values.ts';
import { placeOf } from './place-of.ts';
import { evaluateFor, Side, withUnitNames } from './side.ts';
import type { Effect, Found, Seen, Units } from './types.ts';
import { unitsOf } from './units.ts';
import { type View, viewsOf } from './views.ts';
import { testsOf } from './width.ts';

/** A change of the state, and the flags whose documents or segments it touches. */
export interface StateChange {
  readonly before: ControlState;
  readonly after: ControlState;
  readonly project: string;
  readonly environments: readonly string[];
  readonly flags: readonly string[];
  /** `ordinary` leaves out the units whom conditions name or describe; it costs less. */
  readonly units: 'ordinary' | 'all';
  /** Ends the search once enough is known; absent: never. */
  readonly isEnough?: (found: readonly Effect[]) => boolean;
}

/**
 * What a change does to whom, in every environment, of the flags that it touches and of those that require
 * them or are in conflict with them. The one answer to "does this raise anybody?": by the engine's own
 * evaluation of the state before and after, for units of every kind that the conditions can tell apart. What
 * is hidden now counts as well: what a flag would serve once it is up, once its requirements are met and its
 * rollout is gone, and what `down` would serve. docs/changes.md is its table.
 */
export function effectsOf(change: StateChange): readonly Effect[] {
  return change.environments.flatMap((environment) => effectsIn(change, environment));
}

function effectsIn(change: StateChange, environment: string): readonly Effect[] {
  const place = { project: change.project, environment };
  const sides = { before: new Side(change.before, place), after: new Side(change.after, place) };
  const touched = new Set(change.flags);
  const effects: Effect[] = [];
  const reached = new Set(change.flags);
  // A set's iteration also visits what is added meanwhile.
  for (const key of reached) {
    const seen = { key, environment, ...sides, isTouched: touched.has(key), units: change.units };
    const found = effectsOnFlag(seen);
    effects.push(...found);
    if (found.length > 0 && change.isEnough?.(effects) === true) return effects;
    if (!touched.has(key) && found.length === 0) continue;
    for (const side of [sides.before, sides.after]) {
      for (const dependant of side.dependants(key)) reached.add(dependant);
    }
  }
  return effects;
}

function effectsOnFlag(seen: Seen): readonly Effect[] {
  const { key, environment, before, after } = seen;
  if (before.entry(key) === undefined && after.entry(key) === undefined) return [];
  const views = viewsOf(seen);
  const found = casesOf(seen).flatMap((unit) =>
    views.flatMap((view) => effectsOnUnits(seen, unit, view)),
  );
  const effects = seen.isTouched ? [...newValues(seen), ...found] : found;
  return widestOfEach(effects).map((effect) => ({ environment, flag: key, ...effect }));
}

const WIDEST_FIRST: readonly Units[] = ['everyone', 'part', 'described', 'named'];

/** One effect of each kind, for the most units that have it. */
function widestOfEach(found: readonly Found[]): readonly Found[] {
  return (['leaves', 'raises', 'lowers'] as const).flatMap((does) => {
    const own = found.filter((each) => each.does === does);
    const widest = WIDEST_FIRST.find((units) => own.some((each) => each.units === units));
    const first = own.find(({ units }) => units === widest);
    const fromRollout = own.some((each) => each.fromRollout);
    return first === undefined ? [] : { ...first, fromRollout };
  });
}

function casesOf({ key, before, after, units }: Seen): readonly UnitCase[] {
  const around = [
    [before, before.around(key)],
    [after, after.around(key)],
  ] as const;
  const tests = around.flatMap(([side, entries]) =>
    entries.flatMap((entry) =>
      conditionsOf(entry).flatMap((condition) => testsOf(condition, side.segmentOf)),
    ),
  );
  const ordinary = ordinaryCases(tests);
  if (units === 'ordinary') return ordinary;
  const named = around.flatMap(([side, entries]) =>
    singledOut(entries.flatMap(conditionsOf), side.segmentOf),
  );
  return [...ordinary, ...named];
}

function conditionsOf({ rules, rollout }: SnapshotFlag): readonly Condition[] {
  const audiences = (rollout?.allocations ?? []).flatMap(({ audience }) => audience ?? []);
  return [...rules.map((rule) => rule.if), ...audiences];
}

/** The effects on the units of a case, as a view shows them. */
function effectsOnUnits(seen: Seen, unit: UnitCase, view: View): readonly Found[] {
  const { key, before, after } = seen;
  const around = view.name === 'served' ? view.before : before.around(key);
  const contexts = unitsOf(unit, [...view.before, ...view.after, ...around].map(withUnitNames));
  const now = evaluateFor(view.before, unit, before.segmentOf);
  const then = evaluateFor(view.after, unit, after.segmentOf);
  const served = view.before === around ? now : evaluateFor(around, unit, before.segmentOf);
  const isNew = before.entry(key) === undefined;
  const counts = new Map<Effect['does'], Count>();
  for (const context of contexts) {
    const result = after.entry(key) === undefined ? undefined : then(key, context);
    const has = isNew ? undefined : served(key, context);
    const had = isNew ? undefined : now(key, context);
    const does = whatItDoes(seen, view, { had, has, result });
    if (does === undefined) continue;
    const count = counts.get(does) ?? {
      units: 0,
      treated: 0,
      place: placeOf(seen, { unit, view, result }),
    };
    counts.set(does, oneMore(count, has));
  }
  return [...counts].map(([does, { units, treated, place }]) => ({
    does,
    units: unitsHit(unit, units === contexts.length),
    place,
    fromRollout: does === 'lowers' && unit.width === 'open' && treated > 0,
  }));
}

function oneMore({ units, treated, place }: Count, has: Evaluation | undefined): Count {
  const isTreated = has?.exposure?.arm === 'treatment';
  return { units: units + 1, treated: treated + (isTreated ? 1 : 0), place };
}

interface Results {
  /** As the view shows the flag before the change; undefined for a new flag, as `has` is. */
  readonly had: Evaluation | undefined;
  /** As it was really served. */
  readonly has: Evaluation | undefined;
  /** After the change; undefined for a flag that leaves. */
  readonly result: Evaluation | undefined;
}

function whatItDoes(seen: Seen, view: View, { had, has, result }: Results) {
  const safe = safeValue(seen);
  const isNew = seen.before.entry(seen.key) === undefined;
  const values = {
    had: isNew ? safe : had?.value,
    served: isNew ? safe : has?.value,
    gets: result?.value,
  };
  return result === undefined ? leavingOf(values, safe) : effectOn(values, safe, view);
}

interface Count {
  readonly units: number;
  /** Of these, who were in the treatment of the flag's rollout. */
  readonly treated: number;
  readonly place: string;
}

type Values = Readonly<Record<'had' | 'served' | 'gets', JsonValue | undefined>>;

/** What nobody is raised by having: the value that was safe. A new flag begins there. */
function safeValue({ key, before, after }: Seen): JsonValue | undefined {
  const definition = (before.flag(key) ?? after.flag(key))?.definition;
  return definition?.variants[definition.safe];
}

function leavingOf({ served }: Values, safe: JsonValue | undefined): Effect['does'] | undefined {
  return sameJson(served, safe) ? undefined : 'leaves';
}

function effectOn(
  { had, served, gets }: Values,
  safe: JsonValue | undefined,
  { name }: View,
): Effect['does'] | undefined {
  if (sameJson(gets, had) || sameJson(gets, served)) return undefined;
  if (!sameJson(gets, safe)) return 'raises';
  // What nobody has yet is not taken from them.
  return name === 'served' ? 'lowers' : undefined;
}

function unitsHit({ width, lacks }: UnitCase, isAll: boolean): Units {
  if (width !== 'open') return width;
  return isAll && lacks !== 'all' && lacks.size === 0 ? 'everyone' : 'part';
}
