import { latencyBucketOf, latencyBucketUpperEdgeMs } from '@downhaul/engine';
import { planHarmNull } from '../../../packages/control/src/telemetry/rollout/margins.ts';
import type { Null } from '../../../packages/judge/src/betting/bet.ts';
import { P99_MS } from '../scenario/08-latency.ts';
import type { Scenario, World } from '../scenario/types.ts';
import type { ArmSeen } from './types.ts';

/** What an oracle tests of one outcome, with the truth about it. */
export interface Question {
  readonly null: Null;
  readonly badOf: (arm: ArmSeen) => number;
  readonly ratesAt: (at: { readonly minute: number; readonly stage: number }) => {
    readonly control: number;
    readonly treated: number;
  };
}

/**
 * The product's null, or «no effect». Of latency the product's null is about the share beyond p99 x
 * (1 + margin), which may be what the quantile leaves; «no effect» is seen best at p99 itself.
 */
export function questionOf(
  { outcomes }: Scenario,
  world: World,
  { outcome, isFree }: { readonly outcome: number; readonly isFree: boolean },
): Question {
  const guardrail = outcomes[outcome]?.guardrail;
  const { slower } = world;
  if (!isFree && guardrail?.quantile !== undefined && slower !== undefined) {
    const bucket = latencyBucketOf(P99_MS * (1 + guardrail.margin.relative));
    const limitMs = latencyBucketUpperEdgeMs(bucket);
    const [control, treated] = [slower(limitMs, 'control'), slower(limitMs, 'treatment')];
    return {
      null: { ratio: 1, excess: 1 - guardrail.quantile - control },
      badOf: ({ latency = [], buckets = [] }) =>
        latency.reduce((sum, count, at) => sum + ((buckets[at] ?? 0) > bucket ? count : 0), 0),
      ratesAt: () => ({ control, treated }),
    };
  }
  const isMissing = guardrail?.worse === 'lower';
  return {
    null:
      isFree || guardrail === undefined
        ? { ratio: 1, excess: 0 }
        : planHarmNull({ kind: isMissing ? 'missing' : 'bad', guardrail }),
    badOf: ({ bad }) => bad[outcome] ?? 0,
    ratesAt: ({ minute, stage }) => ({
      control: world.rate({ minute, outcome, stage: undefined }),
      treated: world.rate({ minute, outcome, stage: Math.max(0, stage) }),
    }),
  };
}
