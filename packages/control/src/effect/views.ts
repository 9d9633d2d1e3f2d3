import type { SnapshotFlag } from '@downhaul/engine';
import { isReached } from './is-reached.ts';
import type { Seen } from './types.ts';

/**
 * A way of looking at a flag before and after a change. `served`: as it is, with all that it depends on. What a
 * change does may be hidden by the flag being down or its requirements unmet (`free`), by its rollout (`bare`), or
 * until the flag goes down (`down`): then a later step that nobody would take for a raise would bring it out.
 */
export interface View {
  readonly name: 'served' | 'free' | 'bare' | 'down';
  readonly before: readonly SnapshotFlag[];
  readonly after: readonly SnapshotFlag[];
}

/** The ways in which a change of a flag has to be looked at. */
export function viewsOf(seen: Seen): readonly View[] {
  const { key, before, after, isTouched } = seen;
  const served = { name: 'served', before: before.around(key), after: after.around(key) } as const;
  if (!isTouched || after.entry(key) === undefined) return [served];
  const both = (name: View['name'], change: (entry: SnapshotFlag) => SnapshotFlag): View => ({
    name,
    before: alone(before.entry(key), change),
    after: alone(after.entry(key), change),
  });
  return [
    served,
    both('free', (entry) => entry),
    ...(isReached(seen) ? [] : [both('bare', ({ rollout: _of, ...entry }) => entry)]),
    both('down', (entry) => ({ ...entry, down: true })),
  ];
}

function alone(
  entry: SnapshotFlag | undefined,
  change: (entry: SnapshotFlag) => SnapshotFlag,
): readonly SnapshotFlag[] {
  if (entry === undefined) return [];
  return [change({ ...entry, down: false, requires: [], conflicts: [] })];
}
