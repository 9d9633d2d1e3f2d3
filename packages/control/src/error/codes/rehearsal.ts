import type { ErrorEntry } from '../types.ts';

/** Rehearsals: what cannot be rehearsed. */
export const REHEARSAL_ERRORS = {
  scenario_invalid: {
    status: 400,
    message: '«{scenario}» is no scenario of a rehearsal.',
    remedy: 'Write it as docs/rehearsal.md says, such as `errors x3 from 25%`.',
  },
  scenario_metric_unknown: {
    status: 422,
    message:
      'The plan judges no metric {metric}, so «{scenario}» would change nothing that it sees.',
    remedy: 'Name a metric of its guardrails, signals or success criteria.',
  },
  scenario_never_begins: {
    status: 422,
    message:
      'No stage of the plan has a share of {from} or more, so «{scenario}» would never begin.',
    remedy: 'Name a share that a stage has: that of the stage, not what a holdback leaves of it.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
