import { DOCUMENT_ERRORS } from './codes/document.ts';
import { FLAG_ERRORS } from './codes/flag.ts';
import { METRIC_ERRORS } from './codes/metric.ts';
import { PLAN_ERRORS } from './codes/plan.ts';
import { PROJECT_ERRORS } from './codes/project.ts';
import { REHEARSAL_ERRORS } from './codes/rehearsal.ts';
import { ROLLOUT_ERRORS } from './codes/rollout.ts';
import { SEGMENT_ERRORS } from './codes/segment.ts';
import { SOURCE_ERRORS } from './codes/source.ts';

/** Every code that the domain refuses with. A code is never reused for another meaning. */
export const ERROR_CATALOGUE = {
  ...DOCUMENT_ERRORS,
  ...FLAG_ERRORS,
  ...SEGMENT_ERRORS,
  ...METRIC_ERRORS,
  ...PLAN_ERRORS,
  ...SOURCE_ERRORS,
  ...ROLLOUT_ERRORS,
  ...REHEARSAL_ERRORS,
  ...PROJECT_ERRORS,
} as const;

export type DomainErrorCode = keyof typeof ERROR_CATALOGUE;

/** The facts that a text asks for between braces. */
type FactNames<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${string} ${string}` ? never : Name) | FactNames<Rest>
  : never;

/** The facts that an error of this code is made with. */
export type ErrorFacts<Code extends DomainErrorCode> = Readonly<
  Record<
    | FactNames<(typeof ERROR_CATALOGUE)[Code]['message']>
    | FactNames<(typeof ERROR_CATALOGUE)[Code]['remedy']>,
    string | number
  >
>;
