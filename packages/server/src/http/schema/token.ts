import { Type } from 'typebox';

export const TokenKind = Type.Union([
  Type.Literal('admin'),
  Type.Literal('person'),
  Type.Literal('service'),
  Type.Literal('sdk'),
]);

export const TokenRight = Type.Union([
  Type.Literal('view'),
  Type.Literal('change'),
  Type.Literal('admin'),
]);

export const TokenSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  kind: TokenKind,
  project: Type.Optional(Type.String()),
  environment: Type.Optional(Type.String()),
  service: Type.Optional(Type.String()),
  rights: Type.Array(TokenRight),
});
