import type { Loss, ToldLoss } from './types.ts';

/** Of one environment; beyond it the one that was longest ago is forgotten. */
const MOST_LOSSES = 1_000;

/** Adds what a report lost to what its instance lost before. The newest stand last. */
export function noteLosses(
  losses: Map<string, Loss>,
  told: readonly ToldLoss[],
  { service, instance, atMs }: { service: string; instance: string; atMs: number },
): void {
  for (const { rollout, cause, items } of told) {
    if (items <= 0) continue;
    const fresh = { service, instance, rollout, cause, items: 0, sinceMs: atMs, lastAtMs: atMs };
    const key = lossKey(fresh);
    const loss = losses.get(key) ?? fresh;
    loss.items += items;
    loss.lastAtMs = atMs;
    losses.delete(key);
    losses.set(key, loss);
    for (const oldest of losses.keys()) {
      if (losses.size <= MOST_LOSSES) break;
      losses.delete(oldest);
    }
  }
}

export function lossKey({ service, instance, rollout, cause }: Omit<Loss, 'items'>): string {
  return JSON.stringify([service, instance, rollout, cause]);
}
