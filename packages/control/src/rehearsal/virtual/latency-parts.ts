import { latencyBucketUpperEdgeMs } from '@downhaul/engine';
import type { LatencyLaw } from '../service/latency-law.ts';

/** Buckets that are drawn as one: every unit in it is taken to be in the highest of them. */
export interface LatencyPart {
  readonly bucket: number;
  readonly share: number;
}

/** Buckets of the engine drawn as one, 2 % each: as fine as thresholds need. */
const EVERY = 3;
/** Below this quantile nothing is told apart: no guardrail looks there. */
const FROM_QUANTILE = 0.5;
const REST = 1e-7;

/** A law as parts to draw from, the fastest first; only the slower half is told apart. */
export function latencyParts(law: LatencyLaw): LatencyPart[] {
  const parts: LatencyPart[] = [];
  let through = 0;
  for (let bucket = 0; ; bucket++) {
    const above = law.above(bucket);
    const isLast = above <= REST || !Number.isFinite(latencyBucketUpperEdgeMs(bucket));
    const isEdge = 1 - above >= FROM_QUANTILE && bucket % EVERY === 0;
    if (!isLast && !isEdge) continue;
    const share = isLast ? 1 - through : 1 - above - through;
    if (share > 0) parts.push({ bucket, share });
    through += share;
    if (isLast) return parts;
  }
}
