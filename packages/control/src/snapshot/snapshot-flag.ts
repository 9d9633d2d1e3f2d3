import {
  flagEntryProblems,
  requiredCapabilities,
  segmentsOfFlag,
  type SnapshotFlag,
} from '@downhaul/engine';
import { sameJson } from '../document/same-json.ts';
import type { FlagDefinition } from '../flag/types.ts';
import { goesOn } from '../rollout/transitions.ts';
import type { RolloutState } from '../rollout/types.ts';
import type { FlagState, ProofState } from '../state/types.ts';
import { type PageReader, readOverrides } from './overrides.ts';
import { reachedSegments, type SegmentSource } from './segments.ts';
import { snapshotRollout } from './snapshot-rollout.ts';

/** What a flag's entry is made from beside the flag. */
export interface SnapshotSources {
  readonly environment: string;
  readonly segments: SegmentSource;
  readonly proofs: ReadonlyMap<string, ProofState>;
  readonly pages: PageReader;
}

/**
 * A flag as an environment's evaluators need it; undefined where it is not in that environment. Always
 * one that they can read: no command leads to another (`decide` refuses it), but logs of earlier releases
 * may. Such a flag serves its safe variant, and where that cannot be read either it is left out.
 */
export function snapshotFlag(flag: FlagState, sources: SnapshotSources): SnapshotFlag | undefined {
  const entry = flagEntry(flag, sources);
  if (entry === undefined || isReadable(entry)) return entry;
  const lowered = withSafeOnly(entry);
  return isReadable(lowered) ? lowered : undefined;
}

/** The entry as the state has it, whether or not an evaluator can read it. */
export function flagEntry(flag: FlagState, sources: SnapshotSources): SnapshotFlag | undefined {
  const { definition } = flag;
  const serving = ownOf(definition.environments, sources.environment);
  const here = ownOf(flag.environments, sources.environment);
  if (flag.archived || serving === undefined || here === undefined) return undefined;
  const rollout = snapshotRollout(here, sources.proofs);
  const entry: SnapshotFlag = {
    key: flag.key,
    kind: definition.kind,
    type: definition.type,
    variants: definition.variants,
    serve: serving.serve,
    safe: safeOf(definition, here.rollout),
    down: here.down,
    ...overridesOf(flag, sources),
    rules: serving.rules,
    ...(rollout === undefined ? {} : { rollout }),
    requires: definition.requires.flags,
    conflicts: definition.conflicts,
    capabilities: [],
    version: here.version,
  };
  const segments = reachedSegments(segmentsOfFlag(entry), sources.segments);
  return { ...entry, capabilities: requiredCapabilities(entry, segments) };
}

/**
 * No rollout goes to the safe value: `down` would raise everyone. Where a log of an earlier release has such a
 * document, its control is safe as long as the rollout goes on.
 */
function safeOf({ variants, safe }: FlagDefinition, rollout: RolloutState | undefined): string {
  if (!goesOn(rollout) || !Object.hasOwn(variants, rollout.control)) return safe;
  return sameJson(variants[safe], variants[rollout.to]) ? rollout.control : safe;
}

function isReadable(entry: SnapshotFlag): boolean {
  return flagEntryProblems(entry).length === 0;
}

function withSafeOnly({ overrides: _by, rollout: _of, ...entry }: SnapshotFlag): SnapshotFlag {
  const { safe } = entry;
  return { ...entry, serve: safe, rules: [], requires: [], conflicts: [], capabilities: [] };
}

/** An environment may have the name of something that every object has, such as `constructor`. */
function ownOf<Value>(values: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

function overridesOf(
  flag: FlagState,
  { environment, pages }: SnapshotSources,
): Pick<SnapshotFlag, 'overrides'> {
  const reference = ownOf(flag.environments, environment)?.overrides;
  if (reference === undefined) return {};
  const overrides = readOverrides(pages(reference.page), flag.definition.variants);
  return Object.keys(overrides).length === 0 ? {} : { overrides };
}
