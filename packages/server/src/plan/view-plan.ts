import { type Plan, writePlanDocument } from '@downhaul/control';
import { documentAt } from '../http/document-at.ts';

/** A named plan as the API shows it: its document beside what programs compute with. */
export function viewPlan({ plan, version }: { readonly plan: Plan; readonly version: number }) {
  return { plan, document: documentAt(writePlanDocument(plan), version), version };
}
