import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, FlagPath, OptionalChangeBody } from '../schema/common.ts';

export function archiveFlag(app: App, context: ServerContext): void {
  app.delete(
    '/projects/:project/flags/:flag',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Archives a flag: SDKs no longer know it; its key is never used again.',
        operationId: 'archiveFlag',
        params: FlagPath,
        headers: ChangeHeaders,
        body: OptionalChangeBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, flag } = request.params;
      const command = { type: 'archiveFlag', flag } as const;
      const change = { project, command, subject: `flag:${flag}`, body: request.body };
      return execute(context, { request, reply }, change);
    },
  );
}
