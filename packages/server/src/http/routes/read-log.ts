import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import { requireGrant } from '../authenticate.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { Json } from '../schema/common.ts';
import { toLogEntry } from '../log-entry.ts';

const Query = Type.Object({
  after: Type.Optional(Type.Integer({ minimum: 0, description: 'Only events behind it.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  subject: Type.Optional(Type.String({ description: 'Such as `default/flag:new-checkout`.' })),
});

const Events = Type.Object({
  events: Type.Array(
    Type.Object({
      position: Type.Integer(),
      previousHash: Type.String(),
      hash: Type.String(),
      subject: Type.String(),
      justification: Type.Optional(
        Type.Union([Type.String(), Type.Null()], { description: 'Null where it was erased.' }),
      ),
      body: Json,
    }),
  ),
  next: Type.Optional(Type.Integer({ description: '`after` of the next page, if there is one.' })),
});

export function readLog(app: App, { store }: ServerContext): void {
  app.get(
    '/log',
    {
      config: { access: 'view' },
      schema: {
        summary: 'Reads the log in its order.',
        operationId: 'readLog',
        querystring: Query,
        response: answers(Events),
      },
    },
    async (request) => {
      const { after = 0, limit = 100, subject } = request.query;
      const query = { after, limit, ...(subject === undefined ? {} : { subject }) };
      const stored = await store.readLog(query);
      const { project } = requireGrant(request);
      const entries = await Promise.all(stored.map((event) => toLogEntry(store, event)));
      const events = entries.filter(
        ({ body }) => project === undefined || body.project === project,
      );
      const last = stored.length === limit ? stored.at(-1) : undefined;
      return { events, ...(last ? { next: last.position } : {}) };
    },
  );
}
