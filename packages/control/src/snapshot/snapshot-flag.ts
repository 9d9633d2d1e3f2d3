import { requiredCapabilities, type SnapshotFlag, type SnapshotSegment } from '@downhaul/engine';
import type { FlagState, ProofState } from '../state/types.ts';
import { type PageReader, readOverrides } from './overrides.ts';
import { snapshotRollout } from './snapshot-rollout.ts';

/** What a flag's entry is made from beside the flag. */
export interface SnapshotSources {
  readonly environment: string;
  readonly segments: Readonly<Record<string, SnapshotSegment>>;
  readonly proofs: ReadonlyMap<string, ProofState>;
  readonly pages: PageReader;
}

/** A flag as an environment's evaluators need it; undefined where it is not in that environment. */
export function snapshotFlag(flag: FlagState, sources: SnapshotSources): SnapshotFlag | undefined {
  const { definition } = flag;
  const serving = definition.environments[sources.environment];
  const here = flag.environments[sources.environment];
  if (flag.archived || serving === undefined || here === undefined) return undefined;
  const rollout = snapshotRollout(here, sources.proofs);
  const entry: SnapshotFlag = {
    key: flag.key,
    kind: definition.kind,
    type: definition.type,
    variants: definition.variants,
    serve: serving.serve,
    safe: definition.safe,
    down: here.down,
    ...overridesOf(flag, sources),
    rules: serving.rules,
    ...(rollout === undefined ? {} : { rollout }),
    requires: definition.requires.flags,
    conflicts: definition.conflicts,
    capabilities: [],
    version: here.version,
  };
  return { ...entry, capabilities: requiredCapabilities(entry, sources.segments) };
}

function overridesOf(
  flag: FlagState,
  { environment, pages }: SnapshotSources,
): Pick<SnapshotFlag, 'overrides'> {
  const reference = flag.environments[environment]?.overrides;
  if (reference === undefined) return {};
  const overrides = readOverrides(pages(reference.page), flag.definition.variants);
  return Object.keys(overrides).length === 0 ? {} : { overrides };
}
