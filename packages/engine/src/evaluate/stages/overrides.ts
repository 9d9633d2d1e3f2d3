import { parseHash64 } from '../../hash/hash64.ts';
import type { UnitHasher } from '../../hash/unit-hash.ts';
import type { SnapshotFlag } from '../../snapshot/types.ts';
import { served } from '../results.ts';
import type { Evaluation } from '../types.ts';
import { compileUnit, DEFAULT_UNIT } from '../unit.ts';
import type { StageCompiler } from './stage.ts';

/** By the high half of the unit's hash; the low half is computed only where the high one is known. */
type OverrideTable = ReadonlyMap<number, ReadonlyMap<number, Evaluation>>;

/** A unit with an override gets its variant: by targeting key, else by the rollout's unit. */
export const overridesStage: StageCompiler = (flag, world) => {
  const table = overrideTable(flag);
  if (table.size === 0) return undefined;
  const hasher = world.unitHasher;
  const targetingKey = compileUnit(DEFAULT_UNIT);
  const attribute = flag.rollout?.unit ?? DEFAULT_UNIT;
  if (attribute === DEFAULT_UNIT) return (context) => find(table, hasher, targetingKey(context));
  const rolloutUnit = compileUnit(attribute);
  return (context) =>
    find(table, hasher, targetingKey(context)) ?? find(table, hasher, rolloutUnit(context));
};

function overrideTable(flag: SnapshotFlag): OverrideTable {
  const table = new Map<number, Map<number, Evaluation>>();
  for (const [text, variant] of Object.entries(flag.overrides ?? {})) {
    const hash = parseHash64(text);
    if (hash === undefined) continue;
    const byLow = table.get(hash.high) ?? new Map<number, Evaluation>();
    byLow.set(hash.low, served(flag, variant, { reason: 'TARGETING_MATCH', rule: 'override' }));
    table.set(hash.high, byLow);
  }
  return table;
}

function find(table: OverrideTable, hasher: UnitHasher, unit: string): Evaluation | undefined {
  return unit === '' ? undefined : table.get(hasher.high(unit))?.get(hasher.low(unit));
}
