import type { SnapshotFlag } from '@downhaul/engine';
import { sameJson } from '../document/same-json.ts';
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

/** The ways in which a change of a flag has to be looked at: those that may show something else than `served`. */
export function viewsOf(seen: Seen): readonly View[] {
  const { key, before, after, isTouched } = seen;
  const served = { name: 'served', before: before.around(key), after: after.around(key) } as const;
  const now = after.entry(key);
  if (!isTouched || now === undefined) return [served];
  const entries = [before.entry(key), now];
  const both = (name: View['name'], change: (entry: SnapshotFlag) => SnapshotFlag): View => ({
    name,
    before: alone(before.entry(key), change),
    after: alone(now, change),
  });
  const isFree =
    served.before.length <= 1 && served.after.length <= 1 && !entries.some((each) => each?.down);
  const hasRollout = entries.some((each) => each?.rollout !== undefined);
  const views = [served, both('free', (entry) => entry)].slice(
    0,
    isFree && !isRequiring(entries) ? 1 : 2,
  );
  if (hasRollout && !isReached(seen))
    views.push(both('bare', ({ rollout: _of, ...entry }) => entry));
  if (!sameSafe(entries)) views.push(both('down', (entry) => ({ ...entry, down: true })));
  return views;
}

type Entries = readonly (SnapshotFlag | undefined)[];

/** What it requires may not be there to be looked at. */
function isRequiring(entries: Entries): boolean {
  return entries.some((each) => (each?.requires.length ?? 0) > 0);
}

function sameSafe([before, after]: Entries): boolean {
  return (
    before === undefined || sameJson(before.variants[before.safe], after?.variants[after.safe])
  );
}

function alone(
  entry: SnapshotFlag | undefined,
  change: (entry: SnapshotFlag) => SnapshotFlag,
): readonly SnapshotFlag[] {
  if (entry === undefined) return [];
  return [change({ ...entry, down: false, requires: [], conflicts: [] })];
}
