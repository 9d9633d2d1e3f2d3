import { readPlanDocument, withAll } from '@downhaul/control';
import { type Static, Type } from 'typebox';
import { Refusal } from '../../error/refusal.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeBody, ChangeHeaders, Document, FlagEnvironmentPath } from '../schema/common.ts';

const Body = Type.Object(
  {
    ...ChangeBody.properties,
    plan: Type.Optional(
      Type.Union([Type.String(), Document('A plan document.')], {
        description: 'Key of a named plan or a plan; absent: as declared.',
      }),
    ),
    to: Type.Optional(Type.String({ description: 'Target variant; absent: as declared.' })),
    atOnce: Type.Optional(Type.Boolean({ description: 'Allow 100 % in the first stage.' })),
    reshuffle: Type.Optional(
      Type.Boolean({ description: 'Give units to arms anew instead of as in earlier attempts.' }),
    ),
  },
  { additionalProperties: false },
);

export function startRollout(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/environments/:environment/flags/:flag/rollout/start',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Starts a new attempt, as declared or as the body says.',
        operationId: 'startRollout',
        params: FlagEnvironmentPath,
        headers: ChangeHeaders,
        body: Type.Optional(Type.Union([Body, Type.Null()])),
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, environment, flag } = request.params;
      const { justification, expectedVersions, ...start } = request.body ?? {};
      const { to, atOnce, reshuffle } = start;
      const plan = planOf(start.plan);
      const command = {
        type: 'startRollout',
        flag,
        environment,
        ...(plan === undefined ? {} : { plan }),
        ...(to === undefined ? {} : { to }),
        ...(atOnce === undefined ? {} : { atOnce }),
        ...(reshuffle === true ? { reshuffle: { salt: `${flag}:${context.ids.hex(8)}` } } : {}),
      } as const;
      const body = {
        ...(justification === undefined ? {} : { justification }),
        ...(expectedVersions === undefined ? {} : { expectedVersions }),
      };
      const subject = `flag:${flag}/${environment}`;
      const change = { project, command, subject, body };
      return execute(context, { request, reply }, change);
    },
  );
}

function planOf(plan: Static<typeof Body>['plan']) {
  if (plan === undefined || typeof plan === 'string') return plan;
  const read = readPlanDocument(plan);
  if (read.ok) return read.value;
  const problem = withAll(read.problems);
  throw new Refusal({ ...problem, path: `/plan${problem.path}` });
}
