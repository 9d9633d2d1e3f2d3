import { readFlagDocument } from '@downhaul/control';
import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { readDocument } from '../read-document.ts';
import { changes } from '../responses.ts';
import { AtOnce, ChangeHeaders, Document, FlagPath } from '../schema/common.ts';

export function putFlag(app: App, context: ServerContext): void {
  app.put(
    '/projects/:project/flags/:flag',
    {
      config: { access: 'change' },
      schema: {
        summary:
          'Creates or changes a flag by its document. An unchanged document changes nothing.',
        operationId: 'putFlag',
        params: FlagPath,
        headers: ChangeHeaders,
        querystring: Type.Object({ atOnce: AtOnce }),
        body: Document('A flag document.'),
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, flag } = request.params;
      const definition = readDocument(readFlagDocument(request.body), flag);
      const { atOnce } = request.query;
      const command = {
        type: 'putFlag',
        definition,
        ...(atOnce === undefined ? {} : { atOnce }),
      } as const;
      return execute(context, { request, reply }, { project, command, subject: `flag:${flag}` });
    },
  );
}
