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
  /** The server's clock. */
  readonly nowMs: number;
  readonly clocks: readonly ProofClockAnswer[];
}

export interface ProofClockAnswer {
  readonly clock: 'reached' | 'silent' | 'recovered';
  /** `missed`: its deadline is over; it may still become proven. */
  readonly outcome: 'pending' | 'proven' | 'missed';
  readonly deadlineAtMs: number;
  readonly statement: string;
  readonly missing: readonly Missing[];
}

/** An instance, or a guardrail, that a clock still waits for. */
export interface Missing {
  readonly name: string;
  readonly service?: string;
  readonly why: string;
}

/** The newest rollback proof of a flag in an environment. */
export function askLatestProof(api: Api, place: FlagPlace): Promise<ProofAnswer> {
  return api.ask<ProofAnswer>({ path: flagPath(place, 'proof'), patience: patienceOfChange });
}
