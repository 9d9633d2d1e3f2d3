import { requireAlpha, requireAtLeast } from '../error/require.ts';
import { JudgeInputError } from '../error/judge-input-error.ts';
import { kindOf } from './kind/kinds.ts';
import { wholeWeight } from './slice-weights.ts';
import type { Hypothesis, JudgeConfig, JudgeState } from './types.ts';

/** The configuration with its defaults filled in. */
export function judgeConfig(
  input: Pick<JudgeConfig, 'hypotheses'> & Partial<JudgeConfig>,
): JudgeConfig {
  return {
    alphaHarm: 0.01,
    alphaNonInferiority: 0.05,
    alphaSrm: 0.001,
    laterStarts: false,
    ...input,
  };
}

/**
 * A judge without evidence, before the first stage. Throws `JudgeInputError` for alphas outside (0, 1),
 * weights that do not sum to 1 per role, repeated ids or dimensions, and impossible nulls or margins.
 */
export function createJudge(config: JudgeConfig): JudgeState {
  requireAlpha('alphaHarm', config.alphaHarm);
  requireAlpha('alphaNonInferiority', config.alphaNonInferiority);
  requireAlpha('alphaSrm', config.alphaSrm);
  const { startWeights = [] } = config;
  startWeights.forEach((weight, index) => requireAtLeast(`startWeights[${index}]`, weight, 0));
  requireSum('startWeights', startWeights, { atMostOne: true });
  requireDimensions(config);
  config.hypotheses.forEach((hypothesis, index) => requireHypothesis(hypothesis, index, config));
  requireWeights(config, 'guardrail');
  requireWeights(config, 'signal');
  return {
    config,
    stage: -1,
    hypotheses: config.hypotheses.map((hypothesis) =>
      kindOf(hypothesis).create({
        hypothesis,
        id: hypothesis.id,
        weight: wholeWeight(config, hypothesis),
        slice: null,
      }),
    ),
    assignments: {},
  };
}

function requireHypothesis(hypothesis: Hypothesis, index: number, config: JudgeConfig): void {
  const field = `hypotheses[${index}]`;
  requireKind(hypothesis, field);
  kindOf(hypothesis).require(hypothesis, field);
  requireAtLeast(`${field}.weight`, hypothesis.weight, 0);
  requireAtLeast(`${field}.horizonMs`, hypothesis.horizonMs, 0);
  if (config.hypotheses.findIndex((other) => other.id === hypothesis.id) === index) return;
  throw new JudgeInputError(
    'hypothesis_repeated',
    `${field}.id`,
    `${field}.id «${hypothesis.id}» is there twice; a new id is accepted`,
  );
}

function requireKind({ kind = 'share' }: Hypothesis, field: string): void {
  if (['share', 'mean', 'requests'].includes(kind)) return;
  throw new JudgeInputError(
    'hypothesis_kind_wrong',
    `${field}.kind`,
    `${field}.kind is «${String(kind)}»; share, mean or requests is accepted`,
  );
}

function requireDimensions({ slices }: JudgeConfig): void {
  slices?.dimensions.forEach((dimension, index) => {
    if (dimension !== '' && slices.dimensions.indexOf(dimension) === index) return;
    throw new JudgeInputError(
      'dimension_repeated',
      `slices.dimensions[${index}]`,
      `slices.dimensions[${index}] is «${dimension}»; a name that is not empty and there once is accepted`,
    );
  });
}

function requireWeights(config: JudgeConfig, role: Hypothesis['role']): void {
  const weights = config.hypotheses
    .filter((hypothesis) => hypothesis.role === role)
    .map((hypothesis) => hypothesis.weight);
  if (weights.length > 0) requireSum(`weights of ${role}s`, weights, { atMostOne: false });
}

function requireSum(
  field: string,
  weights: readonly number[],
  rule: { readonly atMostOne: boolean },
): void {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (sum <= 1 + 1e-9 && (rule.atMostOne || sum >= 1 - 1e-9)) return;
  throw new JudgeInputError(
    'weights_sum_invalid',
    field,
    `${field} sum to ${sum}; ${rule.atMostOne ? 'at most 1' : '1'} is accepted`,
  );
}
