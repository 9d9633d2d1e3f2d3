import type { ErrorEntry } from '../types.ts';

/** Projects, environments, proofs, tokens and versions. */
export const PROJECT_ERRORS = {
  project_unknown: {
    status: 404,
    message: 'There is no project {project}.',
    remedy: 'Create it first, or correct its key.',
  },
  environment_unknown: {
    status: 404,
    message: 'There is no environment {environment} in the project {project}.',
    remedy: 'Create it first, or correct its key.',
  },
  environment_exists: {
    status: 409,
    message: 'The environment {environment} exists with another owner or order.',
    remedy: 'Choose another key.',
  },
  proof_unknown: {
    status: 404,
    message: 'There is no rollback proof {proof}.',
    remedy: 'Correct its id.',
  },
  token_exists: {
    status: 409,
    message: 'There is a token {token} already.',
    remedy: 'Choose another id.',
  },
  token_unknown: {
    status: 404,
    message: 'There is no token {token}.',
    remedy: 'Correct its id; a revoked token is gone.',
  },
  token_scope: {
    status: 422,
    message: 'The token {token} lacks {missing}.',
    remedy: 'Bind a token of an SDK to project, environment and service.',
  },
  token_hash_invalid: {
    status: 400,
    message: 'The hash of the token {token} is not a SHA-256 in hexadecimal.',
    accepted: '64 lower-case hexadecimal digits',
    remedy: 'Hash the secret first; the secret itself is never kept.',
  },
  version_conflict: {
    status: 409,
    message: '{subjects} changed meanwhile.',
    remedy: 'Read it again and repeat the change if it is still wanted.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
