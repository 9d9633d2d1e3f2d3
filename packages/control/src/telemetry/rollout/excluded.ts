import { senderKey } from '../counted/sender.ts';
import { instanceKey } from '../instance/instance-key.ts';
import type { RolloutTelemetry } from './types.ts';

/**
 * Whether a source does not count for a rollout, by a person's word. `key` is its `instanceKey` or `senderKey`;
 * without it only whole services are found.
 */
export function isExcluded(
  { excluded }: Pick<RolloutTelemetry, 'excluded'>,
  service: string,
  key?: string,
): boolean {
  if (excluded === undefined || excluded.length === 0) return false;
  return excluded.some((each) => {
    if (each.service !== service) return false;
    const { instance } = each;
    if (instance === undefined) return true;
    return key === instanceKey(service, instance) || key === senderKey({ service, instance });
  });
}
