import { Type } from 'typebox';
import { DocumentAsRead, Json } from './common.ts';

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
  document: DocumentAsRead,
});
