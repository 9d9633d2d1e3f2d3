import type { Api } from './api.ts';
import { flagPath } from './flag-change.ts';
import type { FlagPlace } from './flag-change.ts';
import { patienceOfChange } from './retry.ts';

export interface ProofAnswer {
  readonly id: string;
  readonly flag: string;
  readonly environment: string;
  readonly kind: 'rollback' | 'down';
  readonly version: number;
  readonly openedAtMs: number;
  readonly clocks: readonly ProofClockAnswer[];
}

export interface ProofClockAnswer {
  readonly clock: 'reached' | 'silent' | 'recovered';
  readonly outcome: 'open' | 'proven' | 'missed';
  readonly deadlineAtMs: number;
  readonly statement?: string;
  readonly missing: readonly string[];
}

/** The newest rollback proof of a flag in an environment. */
export function askLatestProof(api: Api, place: FlagPlace): Promise<ProofAnswer> {
  return api.ask<ProofAnswer>({ path: flagPath(place, 'proof'), patience: patienceOfChange });
}
