import { isDate, isProxy } from 'node:util/types';
import { readMember } from '@downhaul/engine';
import type { EvaluationContext } from '@openfeature/server-sdk';

/** An attribute that identifies units of a measured rollout, by the names that lead to it. */
export interface UnitPath {
  readonly path: readonly string[];
}

type Members = Record<PropertyKey, unknown>;

/**
 * A context whose units read the same however often they are read, so that the unit that an evaluation
 * decides over is the unit that telemetry counts. `inner` is on top of `outer`. Plain objects are copied;
 * anything else (an instance of a class, a proxy, an object with hidden members) is read through a view that
 * remembers what each attribute gave. Throws nothing: what a getter throws is thrown where it is read.
 */
export function oneReading(
  outer: EvaluationContext | undefined,
  inner: EvaluationContext | undefined,
  units: readonly UnitPath[] = [],
): EvaluationContext {
  const reading = copyOfPlain(outer, inner, units) ?? viewOf(layersOf(outer, inner));
  for (const { path } of units) if (path.length > 1) pin(reading, path);
  return reading as EvaluationContext;
}

/**
 * The context of a scope, read once in the whole of it where it has getters or is no plain object: its outcomes
 * are of the unit that its evaluations were of. Plain data stays as it is, since a host may complete it later; so
 * may a getter that gives nothing yet.
 */
export function scopeReading(
  outer: EvaluationContext | undefined,
  inner: EvaluationContext | undefined,
  units: readonly UnitPath[],
): EvaluationContext | undefined {
  const layers = layersOf(outer, inner);
  if (layers.length === 0) return undefined;
  const isAllData = layers.every(
    (layer) => isData(layer) && units.every(({ path }) => leadsThroughData(layer, path)),
  );
  if (isAllData) return outer && inner ? { ...outer, ...inner } : (inner ?? outer);
  const view = viewOf(layers);
  for (const { path } of units) if (path.length > 1) pin(view, path);
  return view as EvaluationContext;
}

/** Undefined where a copy would lose or call something. */
function copyOfPlain(
  outer: EvaluationContext | undefined,
  inner: EvaluationContext | undefined,
  units: readonly UnitPath[],
): Members | undefined {
  if ((outer && !isPlain(outer)) || (inner && !isPlain(inner))) return undefined;
  try {
    const copy: Members = { ...outer, ...inner };
    return hidesUnit(copy, outer, units) || hidesUnit(copy, inner, units) ? undefined : copy;
  } catch {
    // Of a getter that throws, only those shall hear who read it.
    return undefined;
  }
}

/** Members that are not enumerable are read by an evaluation, and left out by a copy. */
function hidesUnit(
  copy: Members,
  context: EvaluationContext | undefined,
  units: readonly UnitPath[],
): boolean {
  if (!context) return false;
  if (Object.hasOwn(context, 'targetingKey') && !Object.hasOwn(copy, 'targetingKey')) return true;
  return units.some(({ path: [name = ''] }) => {
    return Object.hasOwn(context, name) && !Object.hasOwn(copy, name);
  });
}

function isPlain(value: object): boolean {
  if (isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A plain object without getters. */
function isData(value: object): boolean {
  if (!isPlain(value)) return false;
  for (const name of Object.getOwnPropertyNames(value)) {
    if (Object.getOwnPropertyDescriptor(value, name)?.get !== undefined) return false;
  }
  return true;
}

function leadsThroughData(context: object, path: readonly string[]): boolean {
  let at: unknown = context;
  for (const name of path.slice(0, -1)) {
    at = readMember(at, name);
    if (typeof at !== 'object' || at === null) return true;
    if (!isData(at)) return false;
  }
  return true;
}

function layersOf(
  outer: EvaluationContext | undefined,
  inner: EvaluationContext | undefined,
): object[] {
  // A host without types may give anything.
  return [inner, outer].flatMap((layer) => (layer ? [Object(layer) as object] : []));
}

/** Reads each attribute from the first layer that has it, and remembers what it gave, if anything. */
function viewOf(layers: readonly object[]): Members {
  const known = Object.create(null) as Members;
  const read = (name: PropertyKey): unknown => {
    if (name in known) return known[name];
    const value = readLayers(layers, name);
    if (value !== undefined) known[name] = value;
    return value;
  };
  return new Proxy(known, {
    get: (_, name) => read(name),
    set: (_, name, value) => {
      known[name] = value;
      return true;
    },
    has: (_, name) => name in known || layers.some((layer) => name in layer),
    getOwnPropertyDescriptor: (_, name) => {
      const isOwn = name in known || layers.some((layer) => Object.hasOwn(layer, name));
      if (!isOwn) return undefined;
      return { value: read(name), writable: true, enumerable: true, configurable: true };
    },
  });
}

function readLayers(layers: readonly object[], name: PropertyKey): unknown {
  for (const layer of layers) {
    if (name in Object.prototype && !Object.hasOwn(layer, name)) continue;
    const value = (layer as Members)[name];
    if (value !== undefined || name in layer) return value;
  }
  return undefined;
}

/** Makes the objects on the way to a nested unit give the same each time. */
function pin(reading: Members, path: readonly string[]): void {
  let at = reading;
  try {
    for (const [index, name] of path.slice(0, -1).entries()) {
      const member = readMember(at, name);
      if (typeof member !== 'object' || member === null) return;
      if (Array.isArray(member) || isDate(member)) return;
      const units = [{ path: path.slice(index + 1, index + 2) }];
      const inner = oneReading(undefined, member as EvaluationContext, units) as Members;
      at[name] = inner;
      at = inner;
    }
  } catch {
    // Whoever reads it is told.
  }
}
