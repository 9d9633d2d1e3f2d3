import type { LogStore } from './contract.ts';
import { StoreFullError } from './errors.ts';

/** Telemetry is refused before there is no room for changes. @throws StoreFullError */
export function refuseWithoutRoom(store: Pick<LogStore, 'space'>): void {
  const { level } = store.space();
  if (level === 'low' || level === 'full') throw new StoreFullError();
}
