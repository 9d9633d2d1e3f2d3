import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';

const Report = Type.Object({
  intact: Type.Boolean(),
  position: Type.Integer({ description: 'Last position, or the first that is broken.' }),
  hash: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
});

export function verifyLog(app: App, { store, health }: ServerContext): void {
  app.get(
    '/log/verify',
    {
      config: { access: 'view' },
      schema: {
        summary: 'Recomputes the whole hash chain.',
        operationId: 'verifyLog',
        response: answers(Report),
      },
    },
    async () => {
      health.chain = await store.verify();
      return health.chain;
    },
  );
}
