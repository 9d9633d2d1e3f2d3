import { Type } from 'typebox';
import { DocumentAsRead } from './common.ts';

export const PlanSchema = Type.Object({
  plan: Type.Unsafe<object>({
    type: 'object',
    additionalProperties: true,
    description: 'The plan with every default filled in, durations in ms, shares per million.',
  }),
  document: DocumentAsRead,
  version: Type.Integer(),
});
