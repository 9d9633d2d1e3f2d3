import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import { answers } from '../responses.ts';

export function getHealthz(app: App): void {
  app.get(
    '/healthz',
    {
      config: { access: 'public' },
      logLevel: 'warn',
      schema: {
        summary: 'Says that the process answers.',
        operationId: 'getHealthz',
        response: answers(Type.Object({ alive: Type.Literal(true) })),
      },
    },
    async () => ({ alive: true as const }),
  );
}
