import { isUtf8 } from 'node:buffer';
import { lineAndColumn, readJson, type TextProblem, utf8Problem } from '@downhaul/engine';
import type { DomainError } from '@downhaul/control';
import { Refusal, refusal } from '../error/refusal.ts';

/**
 * The value of a body in JSON, exactly as it is written: what could only be read by changing it is
 * refused, with its line and column.
 *
 * @throws Refusal
 */
export function readBody(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  const badBytes = isUtf8(bytes) ? undefined : utf8Problem(bytes);
  if (badBytes !== undefined) throw new Refusal(errorOf(text, badBytes));
  const reading = readJson(text);
  if (reading.ok) return reading.value;
  const errors = reading.problems.map((problem) => errorOf(text, problem));
  throw new Refusal(withPlaces(errors));
}

type Placed = Omit<DomainError, 'details'> & {
  readonly details: { readonly line: number; readonly column: number };
};

function errorOf(text: string, { offset, ...problem }: TextProblem): Placed {
  const details = lineAndColumn(text, offset);
  if (problem.code !== 'text_syntax') return { ...problem, details };
  const { path } = problem;
  const said = { problem: `${problem.message}, line ${details.line}, column ${details.column}` };
  return { ...refusal('body_malformed', said, { path }).problem, details };
}

/** The first error; where there are more, its details name them all with their places. */
function withPlaces(errors: readonly Placed[]): DomainError {
  const [first, ...others] = errors;
  if (first === undefined) throw new Error('a refusal without a problem');
  if (others.length === 0) return first;
  const problems = errors.map(({ details, ...error }) => ({ ...error, ...details }));
  return { ...first, details: { problems } };
}
