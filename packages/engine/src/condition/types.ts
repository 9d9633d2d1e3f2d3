/**
 * A condition on an evaluation context, as written in documents and snapshots.
 * An `attribute` condition carries exactly one operator. A missing attribute, or one of another
 * type than the operator wants, makes the condition false (`exists: false` and `not` apart).
 */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly segment: string }
  | AttributeCondition;

/** `attribute` may be a dotted path into nested objects; `targetingKey` is the targeting key. */
export type AttributeCondition = { readonly attribute: string } & Operator;

/** One operator and its operand. One file per operator in `condition/operators/`. */
export type Operator =
  | { readonly equals: string | number | boolean }
  | { readonly notEquals: string | number | boolean }
  | { readonly in: readonly (string | number | boolean)[] }
  | { readonly notIn: readonly (string | number | boolean)[] }
  | { readonly startsWith: string }
  | { readonly endsWith: string }
  | { readonly contains: string }
  | { readonly lessThan: number }
  | { readonly atMost: number }
  | { readonly greaterThan: number }
  | { readonly atLeast: number }
  | { readonly semver: string }
  | { readonly before: string }
  | { readonly after: string }
  | { readonly exists: boolean };
