import type { DomainError } from './types.ts';

/** One error for several problems: the first, and where there are more, all of them in its details. */
export function withAll(problems: readonly DomainError[]): DomainError {
  const [first, ...rest] = problems;
  if (first === undefined) throw new Error('a refusal without a problem');
  if (rest.length === 0) return first;
  return { ...first, details: { problems: problems.map((problem) => ({ ...problem })) } };
}

/** The problems that `withAll` made one error of. */
export function problemsIn(error: DomainError): readonly DomainError[] {
  const { details } = error;
  const isObject = typeof details === 'object' && details !== null;
  const problems: unknown = isObject && 'problems' in details ? details['problems'] : undefined;
  return isList(problems) ? problems : [error];
}

function isList(problems: unknown): problems is readonly DomainError[] {
  return Array.isArray(problems);
}
