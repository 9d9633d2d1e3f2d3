import type { DomainError } from '@downhaul/control';
import type { JsonValue } from '@downhaul/engine';
import { CATALOGUE, type ErrorCode } from './catalogue.ts';

/** Thrown by a route to answer with a problem: nothing was changed. */
export class Refusal extends Error {
  readonly problem: DomainError;
  /** Seconds for `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: DomainError, options: { readonly retryAfterSeconds?: number } = {}) {
    super(problem.message);
    this.name = 'Refusal';
    this.problem = problem;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

interface RefusalPlace {
  /** JSON pointer into the input. */
  readonly path?: string;
  readonly accepted?: string;
  readonly details?: JsonValue;
  readonly retryAfterSeconds?: number;
}

/** A refusal with a code of the catalogue, its text filled with the facts. */
export function refusal(
  code: ErrorCode,
  facts: Readonly<Record<string, string | number>> = {},
  place: RefusalPlace = {},
): Refusal {
  const entry = CATALOGUE[code];
  if (!entry) throw new Error(`the code ${code} is not in the catalogue`);
  const accepted = place.accepted ?? entry.accepted;
  const problem: DomainError = {
    code,
    message: fill(`${entry.message} ${entry.remedy}`, facts),
    path: place.path ?? '',
    ...(accepted === undefined ? {} : { accepted }),
    ...(place.details === undefined ? {} : { details: place.details }),
  };
  const { retryAfterSeconds } = place;
  return new Refusal(problem, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
}

/** What is asked for while the server stops: another one, or this one after its next start, answers it. */
export function stoppingRefusal(): Refusal {
  return refusal('server_stopping', {}, { retryAfterSeconds: 1 });
}

function fill(text: string, facts: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
}
