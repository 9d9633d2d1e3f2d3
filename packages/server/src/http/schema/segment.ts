import { Type } from 'typebox';

export const SegmentSchema = Type.Object({
  key: Type.String(),
  owner: Type.String(),
  if: Type.Unknown({ description: 'A condition.' }),
  version: Type.Integer(),
});
