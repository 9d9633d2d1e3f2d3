import type { JsonValue } from '@downhaul/engine';
import { type DomainErrorCode, ERROR_CATALOGUE, type ErrorFacts } from './catalogue.ts';
import type { DomainError, ErrorEntry } from './types.ts';

/** Where an error is and what else is known; all optional. */
interface ErrorPlace {
  /** JSON pointer into the input. */
  readonly path?: string;
  readonly accepted?: string;
  readonly details?: JsonValue;
}

/** Makes an error of the catalogue: its message and remedy with the facts filled in. */
export function domainError<Code extends DomainErrorCode>(
  code: Code,
  facts: ErrorFacts<Code>,
  place: ErrorPlace = {},
): DomainError {
  const entry: ErrorEntry = ERROR_CATALOGUE[code];
  const accepted = place.accepted ?? entry.accepted;
  return {
    code,
    message: fill(`${entry.message} ${entry.remedy}`, facts),
    path: place.path ?? '',
    ...(accepted === undefined ? {} : { accepted }),
    ...(place.details === undefined ? {} : { details: place.details }),
  };
}

function fill(text: string, facts: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
}
