import type { JsonValue, Split, TargetingRule } from '@downhaul/engine';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { readCondition } from './read-condition.ts';
import { readVariantName, variantMeant } from './read-variants.ts';
import { listOf, numberOf, objectOf, type Reader, type ValueOf } from './reader.ts';
import { readName } from './readers.ts';

/** The engine sums weights in 31 bits. */
const MOST_WEIGHT = 2_147_483_647;

const readWeight = objectOf(
  { variant: readVariantName, weight: numberOf({ least: 0, most: MOST_WEIGHT, whole: true }) },
  {},
);

const readSplit = objectOf(
  { weights: listOf(readWeight, { least: 1, most: 100 }) },
  { unit: readName, salt: readName },
);

const readShape = objectOf(
  { name: readName, if: readCondition },
  { serve: readVariantName, split: readSplit },
);

type RuleShape = ValueOf<typeof readShape>;

/** A targeting rule: a condition, and either one variant or a split. */
export const readRule: Reader<RuleShape> = (value, path, problems) => {
  const shape = readShape(value, path, problems);
  if (shape === undefined) return undefined;
  const before = problems.length;
  checkOutcome(shape, path, problems);
  return problems.length > before ? undefined : shape;
};

function checkOutcome({ serve, split }: RuleShape, path: string, problems: DomainError[]): void {
  const accepted = 'either `serve` or `split`';
  if (serve === undefined && split === undefined) {
    problems.push(
      domainError('document_property_missing', { property: 'serve' }, { path, accepted }),
    );
  } else if (serve !== undefined && split !== undefined) {
    const place = { path: `${path}/split`, accepted };
    problems.push(domainError('document_property_unknown', { property: 'split' }, place));
  }
  const sum = split?.weights.reduce((total, { weight }) => total + weight, 0) ?? 1;
  if (sum > 0 && sum <= MOST_WEIGHT) return;
  const place = { path: `${path}/split/weights`, accepted: `a sum from 1 to ${MOST_WEIGHT}` };
  problems.push(domainError('document_value', { found: `A sum of ${sum}` }, place));
}

/** The rule of a definition, its variants found by what the document means. */
export function ruleOf(
  rule: RuleShape,
  variants: Readonly<Record<string, JsonValue>>,
): TargetingRule {
  const { name, if: condition, serve, split } = rule;
  return {
    name,
    if: condition,
    ...(serve === undefined ? {} : { serve: variantMeant(serve, variants) }),
    ...(split === undefined ? {} : { split: splitOf(split, variants) }),
  };
}

function splitOf(
  { unit, salt, weights }: NonNullable<RuleShape['split']>,
  variants: Readonly<Record<string, JsonValue>>,
): Split {
  return {
    ...(unit === undefined ? {} : { unit }),
    ...(salt === undefined ? {} : { salt }),
    weights: weights.map(
      ({ variant, weight }) => [variantMeant(variant, variants), weight] as const,
    ),
  };
}
