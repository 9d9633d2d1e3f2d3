import type { Api } from './api.ts';
import { flagPath } from './flag-change.ts';
import type { FlagPlace } from './flag-change.ts';
import type { ProofAnswer } from './proof.ts';
import type { Patience } from './retry.ts';
import { withSuggestions } from './suggest.ts';

/** Everything about a flag's rollout in an environment at one moment, as far as it is shown. */
export interface RolloutAnswer {
  readonly project: string;
  readonly environment: string;
  readonly flag: string;
  readonly version: number;
  readonly nowMs: number;
  readonly down: boolean;
  readonly rollout?: {
    readonly attempt: number;
    readonly plan: { readonly key: string };
    readonly to: string;
    readonly status: string;
    readonly stage: number;
    readonly stages: readonly {
      readonly sharePerMillion: number;
      readonly partial: boolean;
      readonly bakeMs: number;
    }[];
    readonly stageEnteredAtMs: number;
    readonly statusSinceMs: number;
    readonly cause?: { readonly code: string; readonly text: string };
    readonly version: number;
    readonly unguarded: boolean;
  };
  readonly evidence?: {
    readonly units: { readonly treatment: number; readonly control: number };
    readonly success: readonly { readonly met: boolean; readonly text: string }[];
  };
  readonly guardrails: readonly GuardrailAnswer[];
  readonly step?: {
    readonly name: string;
    readonly waitsFor?: {
      readonly text: string;
      readonly remaining?: { readonly units?: number; readonly ms?: number };
      readonly untilMs?: number;
    };
  };
  readonly sentences: readonly string[];
  readonly instances: {
    readonly version: number;
    readonly live: number;
    readonly reached: number;
    readonly missing: readonly { readonly id: string; readonly service: string }[];
  };
  readonly proof?: ProofAnswer;
}

export interface GuardrailAnswer {
  readonly metric: string;
  readonly quantile?: number;
  readonly role: string;
  readonly horizonMs: number;
  readonly verdict: string;
  readonly harm?: { readonly part: number };
  readonly nonInferiority?: { readonly part: number };
}

export function askRollout(
  api: Api,
  place: FlagPlace,
  patience?: Patience,
): Promise<RolloutAnswer> {
  return withSuggestions(api, place, () =>
    api.ask<RolloutAnswer>({ path: flagPath(place, 'rollout'), patience }),
  );
}
