import { Type } from 'typebox';
import { DocumentAsRead } from './common.ts';

export const SegmentSchema = Type.Object({
  key: Type.String(),
  owner: Type.String(),
  if: Type.Unknown({ description: 'A condition.' }),
  document: DocumentAsRead,
  version: Type.Integer(),
});
