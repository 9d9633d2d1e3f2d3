import { Type } from 'typebox';
import { refusal } from '../../error/refusal.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeBody, ChangeHeaders, InstancePath } from '../schema/common.ts';
import { findEnvironment } from './find.ts';

const Body = Type.Optional(
  Type.Union([
    Type.Object(
      {
        ...ChangeBody.properties,
        service: Type.Optional(
          Type.String({
            description: 'Needed where several services have an instance of that name.',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    Type.Null(),
  ]),
);

export function retireInstance(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/environments/:environment/instances/:instance/retire',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Says that an instance is gone, on an operator’s word; proofs say so too.',
        operationId: 'retireInstance',
        params: InstancePath,
        headers: ChangeHeaders,
        body: Body,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, environment, instance } = request.params;
      findEnvironment(context, request.params);
      const { service: asked, ...body } = request.body ?? {};
      const service = serviceOf(context, { ...request.params, service: asked });
      const command = { type: 'retireInstance', environment, instance, service } as const;
      return execute(context, { request, reply }, { project, command, body });
    },
  );
}

interface Named {
  readonly project: string;
  readonly environment: string;
  readonly instance: string;
  readonly service: string | undefined;
}

/** The service of an instance, which need only be said where several have one of that name. */
function serviceOf({ intake }: ServerContext, named: Named): string {
  const { project, environment, instance, service } = named;
  const known = intake.state.environments.get(`${project}/${environment}`)?.instances.values();
  const services = [...(known ?? [])]
    .filter(({ id }) => id === instance)
    .map((each) => each.service);
  if (service === undefined ? services.length === 0 : !services.includes(service)) {
    throw refusal('instance_unknown', { instance, environment }, { path: '/instance' });
  }
  const [only = '', ...others] = services;
  if (service === undefined && others.length > 0) {
    const facts = { instance, environment, services: services.join(', ') };
    throw refusal('instance_ambiguous', facts, { path: '/service' });
  }
  return service ?? only;
}
