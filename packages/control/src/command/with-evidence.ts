import type { EvidenceSummary } from './types.ts';

/** A payload with the evidence of the command it came from, where there was any. */
export function withEvidence<Payload extends object>(
  payload: Payload,
  { evidence }: { readonly evidence?: EvidenceSummary },
): Payload & { readonly evidence?: EvidenceSummary } {
  return evidence === undefined ? payload : { ...payload, evidence };
}
