import type { SnapshotFlag } from '../../snapshot/types.ts';
import { served } from '../results.ts';
import type { StageCompiler } from './stage.ts';

/** What everyone gets where nothing else applied; always decides. */
export const serveStage: StageCompiler = (flag, world) => {
  const reason = isStatic(flag, world.conflictsOf(flag.key)) ? 'STATIC' : 'DEFAULT';
  return served(flag, flag.serve, { reason });
};

/** True if no context can get anything else; callers may cache such a value. */
export function isStatic(flag: SnapshotFlag, conflicts: readonly string[]): boolean {
  return (
    flag.rules.length === 0 &&
    flag.rollout === undefined &&
    flag.requires.length === 0 &&
    conflicts.length === 0 &&
    Object.keys(flag.overrides ?? {}).length === 0
  );
}
