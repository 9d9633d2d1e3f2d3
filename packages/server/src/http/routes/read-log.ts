import type { EventBody, TokenGrant } from '@downhaul/control';
import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import { requireGrant } from '../authenticate.ts';
import type { ServerContext } from '../context.ts';
import type { LogReader } from '../../log/shown-event.ts';
import { seenSegments } from '../../segment/seen-segments.ts';
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
      partial: Type.Optional(
        Type.Literal(true, {
          description:
            'What is about environments that the token is not for was left out: `hash` is of the whole.',
        }),
      ),
    }),
  ),
  next: Type.Optional(Type.Integer({ description: '`after` of the next page, if there is one.' })),
});

export function readLog(app: App, context: ServerContext): void {
  const { store } = context;
  app.get(
    '/log',
    {
      config: { access: 'view' },
      schema: {
        summary:
          'Reads the log in its order, as far as it is of the token’s project and environment.',
        operationId: 'readLog',
        querystring: Query,
        response: answers(Events),
      },
    },
    async (request) => {
      const { after = 0, limit = 100, subject } = request.query;
      const query = { after, limit, ...(subject === undefined ? {} : { subject }) };
      const stored = await store.readLog(query);
      const reader = readerOf(context, requireGrant(request));
      const entries = await Promise.all(stored.map((event) => toLogEntry(store, event, reader)));
      const events = entries.filter((entry) => entry !== undefined);
      const last = stored.length === limit ? stored.at(-1) : undefined;
      return { events, ...(last ? { next: last.position } : {}) };
    },
  );
}

function readerOf({ log, store, snapshots }: ServerContext, grant: TokenGrant): LogReader {
  const { project, environment } = grant;
  const seen = new Map<string, (key: string) => boolean>();
  return {
    ...(project === undefined ? {} : { project }),
    ...(environment === undefined ? {} : { environment }),
    seesSegment: (of, key) => {
      const isSeen = seen.get(of) ?? seenSegments({ log, snapshots }, { project: of, environment });
      seen.set(of, isSeen);
      return isSeen(key);
    },
    environmentOfProof: (proof) => log.state.proofs.get(proof)?.environment,
    grantOf: async (token) => {
      const query = { after: 0, limit: 1, subject: `token:${token}` };
      const [issued] = await store.readLog(query);
      const body = issued && (JSON.parse(issued.body) as EventBody);
      return body?.type === 'tokenIssued' ? body.token : undefined;
    },
  };
}
