import type { TSchema } from 'typebox';
import { Answer, ProblemSchema } from './schema/common.ts';
import { referTo } from './schema/refer-to.ts';

const problem = {
  description: 'Nothing was changed.',
  content: { 'application/problem+json': { schema: referTo(ProblemSchema) } },
};

/**
 * The responses of a route for its OpenAPI entry. The type names the answer alone: refusals are
 * thrown, so what a handler returns is checked against this schema.
 */
export function answers<Schema extends TSchema, Status extends number = 200>(
  schema: Schema,
  options: { readonly status?: Status; readonly description?: string } = {},
): Readonly<Record<Status, Schema>> {
  const { status = 200, description = 'The answer.' } = options;
  return {
    [status]: { description, content: { 'application/json': { schema: referTo(schema) } } },
    '4xx': problem,
    '5xx': problem,
  } as unknown as Record<Status, Schema>;
}

export function changes(): Readonly<Record<200, typeof Answer>> {
  return answers(Answer, { description: 'What the change led to.' });
}

export function noContent(description: string): object {
  return { 204: { description, type: 'null' }, '4xx': problem, '5xx': problem };
}
