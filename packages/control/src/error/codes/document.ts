import type { ErrorEntry } from '../types.ts';

/** Documents that cannot be read. */
export const DOCUMENT_ERRORS = {
  document_type: {
    status: 400,
    message: 'This is {found}.',
    remedy: 'Write a value of the accepted kind.',
  },
  document_value: {
    status: 400,
    message: '{found} is not possible here.',
    remedy: 'Write a value of the accepted kind.',
  },
  document_property_unknown: {
    status: 400,
    message: 'There is no property `{property}` here.',
    remedy: 'Remove it, or correct its spelling.',
  },
  document_property_missing: {
    status: 400,
    message: 'The property `{property}` is missing.',
    remedy: 'Add it.',
  },
  document_too_large: {
    status: 400,
    message: 'There are {count} {what}.',
    remedy: 'Shorten it; a long list of ids belongs into overrides or a segment by attribute.',
  },
  document_kind: {
    status: 400,
    message: 'This document does not say what it is, or says it twice.',
    accepted: 'one of `flag`, `plan`, `metric` and `segment` at its top, naming its key',
    remedy: 'Name its key under the one that it is.',
  },
  document_twice: {
    status: 400,
    message: 'There are two documents of the {kind} {key}.',
    remedy: 'Keep the one that is meant.',
  },
  document_takes_away: {
    status: 422,
    message: 'This document {what}.',
    remedy: 'Say it: nothing is taken away by being left out.',
  },
  condition_invalid: {
    status: 400,
    message: 'This condition is not understood: {problem}.',
    remedy: 'Correct it there.',
  },
  key_invalid: {
    status: 400,
    message: '`{key}` is not a key.',
    remedy: 'Choose a key of that form.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
