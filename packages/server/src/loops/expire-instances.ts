import { instancesToExpire } from '@downhaul/control';
import type { ServerContext } from '../http/context.ts';

/** Presumes gone who was silent for longer than `instanceExpiry`; proofs say so. */
export function expireInstances({ intake, store }: ServerContext): void {
  for (const expired of instancesToExpire(intake.state, store.nowMs())) {
    intake.tell({ type: 'instanceLeft', ...expired, why: 'presumed' });
  }
}
