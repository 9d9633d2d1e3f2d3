import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';

const Ready = Type.Object({
  ready: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'Why not, where it is not.' })),
  storage: Type.String({
    description:
      'ample, low (telemetry is refused), full (changes too), unwritable, or unknown while the server starts.',
  }),
  position: Type.Integer({ description: 'Log position.' }),
  chain: Type.String({ description: 'intact, pending, failed or broken at a position.' }),
});

export function getReadyz(app: App, { log, health, store }: ServerContext): void {
  app.get(
    '/readyz',
    {
      config: { access: 'public' },
      logLevel: 'warn',
      schema: {
        summary:
          'Says whether traffic should come here; 503 while the server starts, stops or cannot write.',
        operationId: 'getReadyz',
        response: { ...answers(Ready), 503: Ready },
      },
    },
    async (_request, reply) => {
      const { level: storage, problem = 'the disk of the store is full' } = store.space();
      const isWritable = storage === 'ample' || storage === 'low';
      const reason = health.stopping ? 'the server stops' : isWritable ? undefined : problem;
      const ready = reason === undefined;
      void reply.code(ready ? 200 : 503);
      const { position } = log.state;
      return { ready, ...(ready ? {} : { reason }), storage, position, chain: chainText() };
    },
  );

  function chainText(): string {
    const { chain } = health;
    if (typeof chain === 'string') return chain;
    return chain.intact ? 'intact' : `broken at ${chain.position}: ${chain.reason}`;
  }
}
