import { instanceKey, senderKey } from '@downhaul/control';
import { refusal } from '../../error/refusal.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, FlagEnvironmentPath, SourceBody } from '../schema/common.ts';

export function excludeSource(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/environments/:environment/flags/:flag/rollout/exclude',
    {
      config: { access: 'change' },
      schema: {
        summary:
          'Takes a service, or one instance of it, out of what counts for the rollouts of a flag.',
        operationId: 'excludeSource',
        params: FlagEnvironmentPath,
        headers: ChangeHeaders,
        body: SourceBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, environment, flag } = request.params;
      const { service, instance, ...body } = request.body;
      const source = { service, ...(instance === undefined ? {} : { instance }) };
      requireKnown(context, { project, environment, ...source });
      const command = { type: 'excludeSource', flag, environment, ...source } as const;
      return execute(context, { request, reply }, { project, command, body });
    },
  );
}

interface Source {
  readonly project: string;
  readonly environment: string;
  readonly service: string;
  readonly instance?: string;
}

/** A name that nobody has would look like a source that is out. */
function requireKnown({ intake }: ServerContext, source: Source): void {
  const { project, environment, service, instance } = source;
  const known = intake.state.environments.get(`${project}/${environment}`);
  const isKnown =
    instance === undefined
      ? [...(known?.instances.values() ?? []), ...(known?.senders.values() ?? [])].some(
          (each) => each.service === service,
        )
      : known?.instances.has(instanceKey(service, instance)) === true ||
        known?.senders.has(senderKey({ service, instance })) === true;
  if (isKnown) return;
  const name = instance === undefined ? service : `${service}/${instance}`;
  const path = instance === undefined ? '/service' : '/instance';
  throw refusal('source_unknown', { source: name, environment }, { path });
}
