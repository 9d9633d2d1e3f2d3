import { domainError } from '../error/domain-error.ts';
import type { Plan } from '../plan/types.ts';
import { readInlinePlan } from './read-plan-document.ts';
import { readRule } from './read-rule.ts';
import { readVariantName, readVariants } from './read-variants.ts';
import {
  isObject,
  listOf,
  numberOf,
  objectOf,
  oneOf,
  type Reader,
  recordOf,
  textOf,
  type ValueOf,
  wrongType,
} from './reader.ts';
import { readKey, readName, readTrue, readVersion } from './readers.ts';
import { DATE_ACCEPTS, isDate } from './date.ts';

const readText = textOf({ most: 2000, accepted: 'a text of 1 to 2000 characters' });

const readDate: Reader<string> = (value, path, problems) => {
  if (typeof value !== 'string')
    return wrongType(value, { path, accepted: DATE_ACCEPTS }, problems);
  if (isDate(value)) return value;
  problems.push(domainError('flag_expires_invalid', { expires: value.slice(0, 60) }, { path }));
  return undefined;
};

const readPlan: Reader<string | Plan> = (value, path, problems) =>
  isObject(value) ? readInlinePlan(value, path, problems) : readKey(value, path, problems);

const readRollout = objectOf(
  { plan: readPlan, to: readVariantName },
  { attempt: numberOf({ least: 1, most: 1000, whole: true }) },
);

const readThere = objectOf(
  { serve: readVariantName },
  { rules: listOf(readRule, { most: 200 }), rollout: readRollout },
);

const readGone = objectOf({ removed: readTrue }, {});

/** What the flag does in an environment; or null where the document takes it out of it, by name. */
const readEnvironment: Reader<ValueOf<typeof readThere> | null> = (value, path, problems) => {
  const isGone = isObject(value) && Object.hasOwn(value, 'removed');
  if (!isGone) return readThere(value, path, problems);
  return readGone(value, path, problems) && null;
};

const readService = objectOf({ service: readName, contract: readName, version: readName }, {});

const readRequires = objectOf(
  {},
  {
    flags: listOf(objectOf({ flag: readKey, variant: readVariantName }, {}), { most: 50 }),
    services: listOf(readService, { most: 50 }),
    migrations: listOf(readName, { most: 50 }),
  },
);

/** The properties of a flag's document, each for itself. */
export const readFlagShape = objectOf(
  {
    flag: readKey,
    kind: oneOf('release', 'experiment', 'operational', 'permission'),
    type: oneOf('boolean', 'string', 'number', 'object'),
    owner: readName,
    purpose: readText,
    variants: readVariants,
  },
  {
    safe: readVariantName,
    affects: listOf(readName, { most: 100 }),
    dataCompatibility: readText,
    expires: readDate,
    requires: readRequires,
    conflicts: listOf(readKey, { most: 50 }),
    environments: recordOf(readEnvironment, { key: readKey, most: 50 }),
    version: readVersion,
  },
);

export type FlagShape = ValueOf<typeof readFlagShape>;
