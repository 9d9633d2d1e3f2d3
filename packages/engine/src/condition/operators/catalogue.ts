import { after } from './after.ts';
import { atLeast } from './at-least.ts';
import { atMost } from './at-most.ts';
import { before } from './before.ts';
import { contains } from './contains.ts';
import { endsWith } from './ends-with.ts';
import { equals } from './equals.ts';
import { exists } from './exists.ts';
import { greaterThan } from './greater-than.ts';
import { isIn } from './in.ts';
import { lessThan } from './less-than.ts';
import { notEquals } from './not-equals.ts';
import { notIn } from './not-in.ts';
import type { OperatorDefinition } from './operator.ts';
import { semver } from './semver.ts';
import { startsWith } from './starts-with.ts';

/** Every operator by the name it has in a condition. A Map, so that no name finds a built-in. */
export const OPERATORS: ReadonlyMap<string, OperatorDefinition> = new Map([
  ['equals', equals],
  ['notEquals', notEquals],
  ['in', isIn],
  ['notIn', notIn],
  ['startsWith', startsWith],
  ['endsWith', endsWith],
  ['contains', contains],
  ['lessThan', lessThan],
  ['atMost', atMost],
  ['greaterThan', greaterThan],
  ['atLeast', atLeast],
  ['semver', semver],
  ['before', before],
  ['after', after],
  ['exists', exists],
]);
