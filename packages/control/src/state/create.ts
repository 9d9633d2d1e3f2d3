import type { ControlState } from './types.ts';

/** The state before the first event: position 0, nothing in it. */
export function createControlState(): ControlState {
  return { position: 0, projects: new Map(), tokens: new Map(), proofs: new Map() };
}
