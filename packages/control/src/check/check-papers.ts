import { stageAllocations } from '../plan/stage-allocations.ts';
import { hasControlArm } from '../telemetry/rollout/history.ts';
import { isSafeVariant } from '../flag/is-safe-variant.ts';
import type { CheckInput, CheckItem } from './types.ts';

/** Who answers for the flag, and how it comes back. */
export function checkPapers(input: CheckInput): CheckItem[] {
  const { flag, plan } = input;
  return [
    owner(flag),
    wayBack(input),
    dataCompatibility(flag),
    guardrails(plan),
    ...atTheEnd(plan),
  ];
}

function owner({ owner: team }: CheckInput['flag']): CheckItem {
  const ok = team.trim() !== '';
  return {
    code: 'owner_declared',
    ok,
    text: ok ? `${team} owns the flag.` : 'Nobody owns the flag.',
    remedy: ok ? '' : 'Name an owner: somebody is asked when the rollout pauses.',
  };
}

/** As a start looks at it: the target that is asked for, in this environment. */
function wayBack({ flag, environment, to }: CheckInput): CheckItem {
  const { safe, environments } = flag;
  const here = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
  const ok = !isSafeVariant(flag, to ?? here?.rollout?.to);
  return {
    code: 'way_back_declared',
    ok,
    text: ok
      ? `Going down serves the variant ${safe}.`
      : `The variant ${safe} that going down serves is the one to be rolled out.`,
    remedy: ok ? '' : 'Declare a safe variant other than the target.',
  };
}

function dataCompatibility({
  affects,
  dataCompatibility: declared,
}: CheckInput['flag']): CheckItem {
  const ok = affects.length === 0 || (declared ?? '').trim() !== '';
  return {
    code: 'data_compatibility_declared',
    ok,
    text: ok
      ? (declared ?? 'The flag affects no service.')
      : `The flag affects ${affects.join(', ')}, and nothing says whether old code reads what new code wrote.`,
    remedy: ok
      ? ''
      : 'Say under `dataCompatibility` what is written and who reads it after a rollback.',
  };
}

/** What is found when everyone is treated: said before, since a holdback cannot be had afterwards. */
function atTheEnd(plan: CheckInput['plan']): CheckItem[] {
  const last = stageAllocations(plan, plan.stages.length - 1);
  if (plan.guardrails.length === 0 || hasControlArm(last)) return [];
  const text =
    'The last stage treats everyone, and nothing is held back to compare with. Harm that begins there is rolled back if it rises with the raise, or lasts for an hour and a half; after the completion the watch alarms. `holdback: 10%` finds it by comparison, within minutes.';
  return [{ code: 'holdback_kept', ok: true, text, remedy: '' }];
}

function guardrails(plan: CheckInput['plan']): CheckItem {
  const ok = plan.guardrails.length > 0;
  return {
    code: 'guarded',
    ok,
    text: ok
      ? `Guarded by ${plan.guardrails.map(({ metric }) => metric).join(', ')}.`
      : 'The plan has no guardrails: it advances by its bakes alone, unguarded.',
    remedy: ok ? '' : 'Add a guardrail, http.error_rate at least.',
  };
}
