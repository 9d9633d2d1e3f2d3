import { canonicalJson, type JsonValue, murmur3 } from '@downhaul/engine';
import { sameJson } from '../../document/same-json.ts';
import type { Plan } from '../../plan/types.ts';

/** What a rehearsal is about: everything but the plan's name and what it asks of rehearsals. */
function contentOf(plan: Plan): Partial<Plan> {
  const content: { -readonly [Name in keyof Plan]?: Plan[Name] } = { ...plan };
  delete content.key;
  delete content.rehearsal;
  return content;
}

/** Whether two plans, each with its metrics, would be rehearsed alike. */
export function samePlan(one: Plan, other: Plan): boolean {
  return sameJson(contentOf(one), contentOf(other));
}

/** A short name for the content of a plan, for people and as a key; equality is `samePlan`'s to tell. */
export function planDigest(plan: Plan): string {
  const text = canonicalJson(contentOf(plan) as unknown as JsonValue);
  return [0x726568, 0x706c61]
    .map((seed) => (murmur3(text, seed) >>> 0).toString(16).padStart(8, '0'))
    .join('');
}
