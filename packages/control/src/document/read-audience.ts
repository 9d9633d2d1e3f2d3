import type { Condition } from '@downhaul/engine';
import { readCondition } from './read-condition.ts';
import { isObject, listOf, objectOf, type Reader, type ValueOf } from './reader.ts';
import { readKey, readName } from './readers.ts';

const MOST = { least: 1, most: 1000 };

/** The short form of an audience: each list is «any of these», several lists are «all of these». */
const readShort = objectOf(
  {},
  {
    segments: listOf(readKey, MOST),
    tenants: listOf(readName, MOST),
    services: listOf(readName, MOST),
    instances: listOf(readName, MOST),
  },
);

const SHORT_NAMES = ['segments', 'tenants', 'services', 'instances'];

/** An audience: a condition, or lists of segments, tenants, services and instances. */
export const readAudience: Reader<Condition> = (value, path, problems) => {
  const isShort = isObject(value) && Object.keys(value).some((name) => SHORT_NAMES.includes(name));
  if (!isShort) return readCondition(value, path, problems);
  const short = readShort(value, path, problems);
  return short && conditionOf(short);
};

function conditionOf(short: ValueOf<typeof readShort>): Condition {
  const parts: Condition[] = [];
  if (short.segments !== undefined) parts.push(anySegment(short.segments));
  if (short.tenants !== undefined) parts.push({ attribute: 'tenant', in: short.tenants });
  if (short.services !== undefined) parts.push({ attribute: 'service', in: short.services });
  if (short.instances !== undefined) parts.push({ attribute: 'instance', in: short.instances });
  const [only, ...others] = parts;
  return only !== undefined && others.length === 0 ? only : { all: parts };
}

function anySegment(keys: readonly string[]): Condition {
  const [only, ...others] = keys.map((segment): Condition => ({ segment }));
  return only !== undefined && others.length === 0
    ? only
    : { any: keys.map((segment) => ({ segment })) };
}
