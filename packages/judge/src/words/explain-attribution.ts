import type { Attribution } from '../attribution/attribute.ts';

const SENTENCES: Record<Attribution['because'], string> = {
  control_worse_and_moves_with_share:
    'units without the feature fail more than before the rollout as well, and more with every larger share: the feature harms what all of them use',
  treatment_worse_than_control:
    'units with the feature fail more than those without it at the same time: the feature is the cause',
  control_worse_with_treatment:
    'units without the feature fail more than before the rollout, and those with it no more than they: the service has a problem that the share did not bring',
  control_worse_share_undecided:
    'units without the feature fail more than before the rollout; the share changed too recently to say whether that is why',
  nothing_shown: 'nothing is shown to be worse than before the rollout',
};

const SUGGESTIONS: Record<Attribution['suggests'], string> = {
  rollback: 'roll back',
  holdAndAlert: 'hold and alert the service; lowering the share would tell whether it is to blame',
  nothing: '',
};

/** Whose fault a worsening is, and what follows from it, in a sentence. */
export function explainAttribution(attribution: Attribution): string {
  const both =
    attribution.attribution === 'feature' && attribution.controlWorse
      ? '; the service is worse than before the rollout too'
      : '';
  const suggestion = SUGGESTIONS[attribution.suggests];
  const sentence = `${SENTENCES[attribution.because]}${both}`;
  return suggestion === '' ? sentence : `${sentence}; ${suggestion}`;
}
