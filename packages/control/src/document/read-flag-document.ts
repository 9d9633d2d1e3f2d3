import { domainError } from '../error/domain-error.ts';
import { failure, type Result, success } from '../error/result.ts';
import type { DomainError } from '../error/types.ts';
import { checkDefinition } from '../flag/check-definition.ts';
import type {
  FlagDefinition,
  FlagEnvironmentDefinition,
  RolloutDeclaration,
} from '../flag/types.ts';
import { type FlagShape, readFlagShape } from './read-flag-shape.ts';
import { ruleOf } from './read-rule.ts';
import { type VariantName, variantMeant } from './read-variants.ts';

/** A flag from its document, as JSON, all defaults filled in; or every problem in it. */
export function readFlagDocument(json: unknown): Result<FlagDefinition> {
  const problems: DomainError[] = [];
  const shape = readFlagShape(json, '', problems);
  const definition = shape && definitionOf(shape, problems);
  if (definition === undefined || problems.length > 0) return failure(...problems);
  const contradictions = checkDefinition(definition);
  return contradictions.length > 0 ? failure(...contradictions) : success(definition);
}

function definitionOf(shape: FlagShape, problems: DomainError[]): FlagDefinition | undefined {
  const safe = shape.safe ?? commonServe(shape, problems);
  if (safe === undefined) return undefined;
  const { requires = {}, dataCompatibility, expires } = shape;
  return {
    key: shape.flag,
    kind: shape.kind,
    type: shape.type,
    owner: shape.owner,
    purpose: shape.purpose,
    variants: shape.variants,
    safe: variantMeant(safe, shape.variants),
    affects: shape.affects ?? [],
    ...(dataCompatibility === undefined ? {} : { dataCompatibility }),
    ...(expires === undefined ? {} : { expires }),
    requires: {
      flags: requires.flags?.map(requiredFlag) ?? [],
      services: requires.services ?? [],
      migrations: requires.migrations ?? [],
    },
    conflicts: shape.conflicts ?? [],
    environments: environmentsOf(shape),
  };
}

/** `safe` is what is served, where that is one variant everywhere. */
function commonServe(
  { environments = {}, variants }: FlagShape,
  problems: DomainError[],
): string | undefined {
  const served = new Set(
    Object.values(environments).flatMap((here) =>
      here === null ? [] : [variantMeant(here.serve, variants)],
    ),
  );
  const [only] = served;
  if (only !== undefined && served.size === 1) return only;
  const accepted = `one of ${Object.keys(variants).join(', ')}`;
  problems.push(
    domainError('document_property_missing', { property: 'safe' }, { path: '', accepted }),
  );
  return undefined;
}

/** The variants of another flag are not known here: a boolean can only mean `on` and `off`. */
function requiredFlag({ flag, variant }: { readonly flag: string; readonly variant: VariantName }) {
  if (typeof variant !== 'boolean') return { flag, variant: String(variant) };
  return { flag, variant: variant ? 'on' : 'off' };
}

function environmentsOf({
  flag,
  environments = {},
  variants,
}: FlagShape): FlagDefinition['environments'] {
  const entries = Object.entries(environments).flatMap(([key, there]) => {
    if (there === null) return [];
    const { serve, rules = [], rollout } = there;
    const here: FlagEnvironmentDefinition = {
      serve: variantMeant(serve, variants),
      rules: rules.map((rule) => ruleOf(rule, variants)),
    };
    if (rollout === undefined) return [[key, here] as const];
    const { plan, attempt = 1 } = rollout;
    const declared: RolloutDeclaration = {
      plan: typeof plan === 'object' && plan.key === '' ? { ...plan, key: flag } : plan,
      to: variantMeant(rollout.to, variants),
      attempt,
    };
    return [[key, { ...here, rollout: declared }] as const];
  });
  return Object.fromEntries(entries);
}
