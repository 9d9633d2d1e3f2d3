import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';

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
};
