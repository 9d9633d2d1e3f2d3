import { type Static, type TSchema, type TUnsafe, Type } from 'typebox';

/** A reference to a schema that has an `$id` and stands among the document's components; else itself. */
export function referTo<Schema extends TSchema>(schema: Schema): TUnsafe<Static<Schema>> {
  const { $id } = schema as { readonly $id?: string };
  return Type.Unsafe<Static<Schema>>($id === undefined ? schema : { $ref: `${$id}#` });
}
