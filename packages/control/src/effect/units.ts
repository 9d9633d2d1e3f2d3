import { type EvaluationContext, murmur3, type SnapshotFlag } from '@downhaul/engine';
import type { UnitCase } from './cases.ts';

const TARGETING_KEY = 'targetingKey';
/** Units that are always tried where flags divide them by hash. */
const ALWAYS = 200;
/** Units among whom one is looked for in every part: a part of one in ten thousand is found, a smaller may not be. */
const MOST = 100_000;
const WHOLE = 4_294_967_296;

/** Where a flag divides units by their hash. */
interface Axis {
  readonly attribute: string;
  readonly salt: string;
  /** Between 0 and 1, without both. */
  readonly cuts: readonly number[];
}

/**
 * Contexts of units of a case: as many as the flags can tell apart by hash, at least one of every part of
 * every split and rollout. Deterministic. Flags name their units as `unitName` does.
 */
export function unitsOf(
  unit: UnitCase,
  flags: Iterable<SnapshotFlag>,
): readonly EvaluationContext[] {
  if (unit.lacks === 'all') return [{}];
  const { lacks } = unit;
  const axes = [...flags].flatMap(axesOf);
  const attributes = new Set([TARGETING_KEY, ...axes.map(({ attribute }) => attribute)]);
  const present = [...attributes].filter((attribute) => !isLacking(lacks, attribute));
  return [...indicesFor(axes)].map((index) =>
    Object.fromEntries(present.map((attribute) => [attribute, unitText(attribute, index)])),
  );
}

/** What an attribute of units is called while a change is looked at: paths would need nested contexts. */
export function unitName(attribute: string): string {
  if (attribute === TARGETING_KEY) return attribute;
  return `unit ${encodeURIComponent(attribute).replaceAll('.', '%2E')}`;
}

function isLacking(lacks: ReadonlySet<string>, name: string): boolean {
  return [...lacks].some((attribute) => unitName(attribute) === name);
}

function unitText(attribute: string, index: number): string {
  return `${attribute}#${index}`;
}

function axesOf({ key, rules, rollout }: SnapshotFlag): readonly Axis[] {
  const splits = rules.flatMap(({ split }) => {
    if (split === undefined) return [];
    const total = split.weights.reduce((sum, [, weight]) => sum + weight, 0);
    let sum = 0;
    const cuts = split.weights.map(([, weight]) => (sum += weight) / total);
    return [{ attribute: split.unit ?? TARGETING_KEY, salt: split.salt ?? key, cuts: inner(cuts) }];
  });
  if (rollout === undefined) return splits;
  const shares = [...rollout.allocations, ...rollout.peak].map(
    (each) => each.sharePerMillion / 1e6,
  );
  return [...splits, { attribute: rollout.unit, salt: rollout.salt, cuts: inner(shares) }];
}

function inner(cuts: readonly number[]): readonly number[] {
  return [...new Set(cuts)].filter((cut) => cut > 0 && cut < 1).sort((a, b) => a - b);
}

/** One unit is like another where nothing divides them. */
function indicesFor(axes: readonly Axis[]): ReadonlySet<number> {
  const dividing = merged(axes.filter(({ cuts }) => cuts.length > 0));
  if (dividing.length === 0) return new Set([0]);
  const indices = new Set(Array.from({ length: ALWAYS }, (_, index) => index));
  for (const axis of dividing) {
    const open = new Set(Array.from({ length: axis.cuts.length + 1 }, (_, part) => part));
    for (let index = 0; index < MOST && open.size > 0; index++) {
      if (!open.delete(partOf(axis, index))) continue;
      indices.add(index);
    }
  }
  return indices;
}

/** The cuts of both sides of a change on one axis: every part of either is looked at. */
function merged(axes: readonly Axis[]): readonly Axis[] {
  const byPlace = new Map<string, Axis>();
  for (const axis of axes) {
    const place = `${axis.attribute}\n${axis.salt}`;
    const known = byPlace.get(place);
    byPlace.set(place, { ...axis, cuts: inner([...(known?.cuts ?? []), ...axis.cuts]) });
  }
  return [...byPlace.values()];
}

function partOf({ attribute, salt, cuts }: Axis, index: number): number {
  const at = murmur3(salt + unitText(attribute, index)) / WHOLE;
  const part = cuts.findIndex((cut) => at < cut);
  return part < 0 ? cuts.length : part;
}
