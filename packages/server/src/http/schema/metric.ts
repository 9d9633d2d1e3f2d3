import { Type } from 'typebox';
import { Json } from './common.ts';

export const MetricSchema = Type.Object({
  key: Type.String(),
  version: Type.Integer({ description: 'Log position of its document; 0 where it is built in.' }),
  builtIn: Type.Boolean(),
  kind: Type.String({
    enum: ['share', 'quantile', 'mean', 'conversion', 'funnel', 'retention'],
  }),
  worse: Type.String({ enum: ['higher', 'lower'] }),
  source: Json,
  owner: Type.String(),
  description: Type.String(),
  document: Type.Unsafe<object>({
    type: 'object',
    additionalProperties: true,
    description: 'The document with every default written out, and the version it was read at.',
  }),
});
