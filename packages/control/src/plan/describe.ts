import type { Condition } from '@downhaul/engine';

/** An audience for a message: `everyone`, or its condition as JSON. */
export function audienceText(audience: Condition | undefined): string {
  if (audience === undefined) return 'everyone';
  return 'segment' in audience ? `segment ${audience.segment}` : JSON.stringify(audience);
}
