import type { Plan } from '../../plan/types.ts';
import { planDigest } from './same-plan.ts';
import type { RecordedScenario } from './types.ts';

interface Keyed {
  readonly environment: string;
  readonly plan: Plan;
}

/** Under which a rehearsal of the standard scenarios is kept: it is what a plan that asks for one looks at. */
export function standardKey({ environment, plan }: Keyed): string {
  return `${environment}/${planDigest(plan)}`;
}

/** Under which one of somebody's own scenarios is kept, so that it replaces no rehearsal of the standard ones. */
export function ownKey(rehearsal: Keyed): string {
  return `${standardKey(rehearsal)}/own`;
}

/** Under which a rehearsal is kept. */
export function rehearsalKey(
  rehearsal: Keyed & { readonly scenarios: readonly RecordedScenario[] },
): string {
  const isStandard = rehearsal.scenarios.some(({ demanded }) => demanded);
  return isStandard ? standardKey(rehearsal) : ownKey(rehearsal);
}
