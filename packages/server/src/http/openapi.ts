import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import {
  AnswerObject,
  FieldChangeSchema,
  OthersChangeSchema,
  ProblemSchema,
} from './schema/common.ts';
import { ProofSchema } from './schema/proof.ts';
import { RehearsalLine, RehearsalReportSchema, RehearsalSchema } from './schema/rehearsal.ts';
import { RolloutAnswer } from './schema/rollout.ts';

/** Schemas that stand among the components and are referred to by name. */
export const components = [
  ProblemSchema,
  FieldChangeSchema,
  OthersChangeSchema,
  AnswerObject,
  ProofSchema,
  RolloutAnswer,
  RehearsalReportSchema,
  RehearsalSchema,
  RehearsalLine,
];

/** How the OpenAPI document is made from the routes' schemas. */
export const openApi: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Downhaul',
      version: '1',
      description:
        'Safe rollouts of feature flags. Every refusal is a problem of RFC 9457 with a stable code.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:8080' }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
  },
  refResolver: {
    buildLocalReference: ({ $id }) => (typeof $id === 'string' ? $id : 'unnamed'),
  },
  transformObject: (documentObject) =>
    'openapiObject' in documentObject
      ? withOptionalBodies(documentObject.openapiObject)
      : documentObject.swaggerObject,
};

type OpenApi = Extract<
  Parameters<NonNullable<FastifyDynamicSwaggerOptions['transformObject']>>[0],
  { openapiObject: unknown }
>['openapiObject'];

/** A body that may be null may be absent, which the schema of a route cannot say. */
function withOptionalBodies(document: OpenApi): OpenApi {
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path ?? {})) {
      const body = (operation as { requestBody?: RequestBody }).requestBody;
      const shapes = body?.content?.['application/json']?.schema?.anyOf;
      if (body && shapes?.some(({ type }) => type === 'null')) body.required = false;
    }
  }
  return document;
}

interface RequestBody {
  required?: boolean;
  readonly content?: Readonly<
    Record<string, { readonly schema?: { readonly anyOf?: readonly { readonly type?: string }[] } }>
  >;
}
