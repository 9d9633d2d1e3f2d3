import type { EventBody } from '../event/types.ts';
import type { ControlState } from '../state/types.ts';

/** What an event changed in the snapshots of its environments: one flag, or one segment. */
export type SnapshotChange = { readonly flag: string } | { readonly segment: string } | undefined;

export function changeOf(state: ControlState, body: EventBody): SnapshotChange {
  switch (body.type) {
    case 'segmentPut':
      return { segment: body.key };
    case 'segmentRemoved':
      return { segment: body.segment };
    case 'flagPut':
      return { flag: body.definition.key };
    case 'proofRecorded': {
      const proof = state.proofs.get(body.proof);
      return proof && { flag: proof.flag };
    }
    default:
      return 'flag' in body ? { flag: body.flag } : undefined;
  }
}
