import { sameJson } from '../document/same-json.ts';
import { isEveryone } from '../plan/audience.ts';
import { WHOLE_PER_MILLION } from '../plan/stage-allocations.ts';
import { rolloutPosition } from '../rollout/transitions.ts';
import type { Seen } from './types.ts';

/**
 * True if a completed rollout to everyone gives them already what `serve` says after the change: the
 * document only follows. By values, less the holdback, which goes on by itself.
 */
export function isReached({ key, environment, before, after }: Seen): boolean {
  const flag = before.flag(key);
  const serve = after.entry(key)?.serve;
  const rollout = flag?.environments[environment]?.rollout;
  const position = rolloutPosition(rollout);
  if (rollout === undefined || (position !== 'completed' && position !== 'watchOver')) return false;
  const variants = after.flag(key)?.definition.variants ?? {};
  if (!sameJson(variants[serve ?? ''], flag?.definition.variants[rollout.to])) return false;
  const most = WHOLE_PER_MILLION - rollout.plan.holdbackPerMillion;
  return rollout.allocations.some(
    ({ audience, sharePerMillion }) => isEveryone(audience) && sharePerMillion >= most,
  );
}
