import { CAPABILITIES } from '../capabilities.ts';
import { typeOf } from '../evaluate/check-type.ts';
import type { JsonValue } from '../json.ts';
import { checkCondition } from './condition.ts';
import { checkJsonValue } from './json-value.ts';
import type { ProblemList } from './problems.ts';
import { checkRollout } from './rollout.ts';
import {
  type Check,
  checkMembers,
  isBoolean,
  isHash,
  isName,
  isNatural,
  isObject,
  isOneOf,
  isText,
  isTexts,
  type Members,
} from './shape.ts';
import { checkSplit } from './split.ts';
import { checkVariantName, type FlagPlace } from './variant.ts';

const FLAG: Readonly<Record<string, Check>> = {
  kind: isName,
  type: isOneOf('boolean', 'string', 'number', 'object'),
  variants: (value) => (isObject(value) ? undefined : 'an object of variants'),
  serve: isText,
  safe: isText,
  down: isBoolean,
  rules: (value) => (Array.isArray(value) ? undefined : 'a list of rules'),
  requires: (value) => (Array.isArray(value) ? undefined : 'a list of requirements'),
  conflicts: isTexts,
  version: isNatural,
};

/**
 * Reports what is wrong with a flag. A flag that needs capabilities beyond this engine's serves the code
 * default and may look unfamiliar: that must not keep the rest of its snapshot from being used.
 */
export function checkFlag(flag: unknown, place: EntryPlace, list: ProblemList): void {
  const { key, path } = place;
  if (!checkJsonValue(flag, path, list)) return;
  if (!isObject(flag)) return list.add(path, 'must be a flag');
  if (!checkMembers({ value: flag, path }, { key: isName, capabilities: isTexts }, list)) return;
  if (flag['key'] !== key) list.add(`${path}.key`, `must be ${key}`);
  const lacking = lacksCapability(flag['capabilities'] as readonly string[]);
  if (!lacking) return checkContent(flag, place, list);
  list.warn(path, 'needs capabilities that this engine lacks: it serves the code default');
  list.leniently(() => checkContent(flag, place, list));
}

/** A flag or segment and the key it has in its snapshot. */
export interface EntryPlace {
  readonly key: string;
  readonly path: string;
  readonly segments: Members | undefined;
}

function checkContent(flag: Members, { path, segments }: EntryPlace, list: ProblemList): void {
  if (!checkMembers({ value: flag, path }, FLAG, list)) return;
  const place = { path, segments, variants: flag['variants'] as Members };
  checkVariants(flag, place, list);
  checkOverrides(flag['overrides'], place, list);
  checkRequires(flag['requires'] as unknown[], place, list);
  for (const [index, rule] of (flag['rules'] as unknown[]).entries()) {
    checkRule(rule, { ...place, path: `${path}.rules[${index}]` }, list);
    if (list.full) return;
  }
  if (flag['rollout'] !== undefined) {
    checkRollout(flag['rollout'], { ...place, path: `${path}.rollout` }, list);
  }
}

/** Whether one of these is beyond this engine. */
export function lacksCapability(capabilities: readonly string[]): boolean {
  return capabilities.some((capability) => !CAPABILITIES.includes(capability));
}

function checkVariants(flag: Members, place: FlagPlace, list: ProblemList): void {
  const { path, variants } = place;
  for (const [name, value] of Object.entries(variants)) {
    const here = `${path}.variants.${name}`;
    if (name === '__proto__') list.add(here, 'must have another name');
    if (typeOf(value as JsonValue) !== flag['type'])
      list.add(here, `must be of type ${String(flag['type'])}`);
  }
  checkVariantName(flag['serve'], { ...place, path: `${path}.serve` }, list);
  checkVariantName(flag['safe'], { ...place, path: `${path}.safe` }, list);
}

function checkOverrides(overrides: unknown, place: FlagPlace, list: ProblemList): void {
  if (overrides === undefined) return;
  const path = `${place.path}.overrides`;
  if (!isObject(overrides)) return list.add(path, 'must be an object of variants by unit hash');
  for (const [hash, variant] of Object.entries(overrides)) {
    if (!list.visit(path)) return;
    const problem = isHash(hash);
    if (problem !== undefined) list.add(`${path}.${hash}`, `must be named by ${problem}`);
    checkVariantName(variant, { ...place, path: `${path}.${hash}` }, list);
  }
}

function checkRequires(requires: readonly unknown[], { path }: FlagPlace, list: ProblemList): void {
  for (const [index, requirement] of requires.entries()) {
    const here = `${path}.requires[${index}]`;
    if (!list.visit(here)) return;
    if (!isObject(requirement)) list.add(here, 'must name a flag and its variant');
    else checkMembers({ value: requirement, path: here }, { flag: isText, variant: isText }, list);
  }
}

function checkRule(rule: unknown, place: FlagPlace, list: ProblemList): void {
  const { path, segments } = place;
  if (!isObject(rule)) return list.add(path, 'must be a rule');
  checkMembers({ value: rule, path }, { name: isText }, list);
  checkCondition(rule['if'], { path: `${path}.if`, depth: 1, segments, strict: false }, list);
  const { serve, split } = rule;
  if ((serve === undefined) === (split === undefined)) {
    list.add(path, 'must have either serve or split');
  } else if (split === undefined) {
    checkVariantName(serve, { ...place, path: `${path}.serve` }, list);
  } else {
    checkSplit(split, { ...place, path: `${path}.split` }, list);
  }
}
