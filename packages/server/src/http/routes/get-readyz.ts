import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';

const Ready = Type.Object({
  ready: Type.Boolean(),
  position: Type.Integer({ description: 'Log position.' }),
  chain: Type.String({ description: 'intact, pending, failed or broken at a position.' }),
});

export function getReadyz(app: App, { log, health }: ServerContext): void {
  app.get(
    '/readyz',
    {
      config: { access: 'public' },
      logLevel: 'warn',
      schema: {
        summary: 'Says whether traffic should come here; 503 while the server stops.',
        operationId: 'getReadyz',
        response: { ...answers(Ready), 503: Ready },
      },
    },
    async (_request, reply) => {
      void reply.code(health.stopping ? 503 : 200);
      return { ready: !health.stopping, position: log.state.position, chain: chainText() };
    },
  );

  function chainText(): string {
    const { chain } = health;
    if (typeof chain === 'string') return chain;
    return chain.intact ? 'intact' : `broken at ${chain.position}: ${chain.reason}`;
  }
}
