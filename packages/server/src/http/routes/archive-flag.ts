import { Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { AtOnce, ChangeHeaders, FlagPath, OptionalChangeBody } from '../schema/common.ts';

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
        querystring: Type.Object({ atOnce: AtOnce }),
        body: OptionalChangeBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, flag } = request.params;
      const { atOnce } = request.query;
      const command = {
        type: 'archiveFlag',
        flag,
        evaluatedBy: evaluatorsOf(context, request.params),
        ...(atOnce === undefined ? {} : { atOnce }),
      } as const;
      const change = { project, command, subject: `flag:${flag}`, body: request.body };
      return execute(context, { request, reply }, change);
    },
  );
}

/**
 * The live instances that may evaluate a flag, as `service/instance`: those of the services that it affects. Where
 * it names none nobody knows, and all of its environments are meant.
 */
function evaluatorsOf(
  { log, intake }: ServerContext,
  { project, flag }: { readonly project: string; readonly flag: string },
): readonly string[] {
  const definition = log.state.projects.get(project)?.flags.get(flag)?.definition;
  if (definition === undefined) return [];
  const { affects, environments } = definition;
  return Object.keys(environments).flatMap((environment) => {
    const known = intake.state.environments.get(`${project}/${environment}`)?.instances.values();
    return [...(known ?? [])]
      .filter(({ left, service }) => {
        return left === undefined && (affects.length === 0 || affects.includes(service));
      })
      .map(({ service, id }) => `${service}/${id}`);
  });
}
