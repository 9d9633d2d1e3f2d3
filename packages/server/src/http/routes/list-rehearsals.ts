import { planDigest, type RehearsalState } from '@downhaul/control';
import { type Static, Type } from 'typebox';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { EnvironmentPath } from '../schema/common.ts';
import { RehearsalSchema } from '../schema/rehearsal.ts';
import { referTo } from '../schema/refer-to.ts';
import { findEnvironment, findProject } from './find.ts';

const Query = Type.Object({
  plan: Type.Optional(Type.String({ description: 'Key of a plan.' })),
  flag: Type.Optional(Type.String()),
});

/** The newest rehearsal of each plan, the newest first. */
export function listRehearsals(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/environments/:environment/rehearsals',
    {
      config: { access: 'view' },
      schema: {
        summary: 'The newest rehearsal of each plan that was rehearsed, the newest first.',
        operationId: 'listRehearsals',
        params: EnvironmentPath,
        querystring: Query,
        response: answers(Type.Object({ rehearsals: Type.Array(referTo(RehearsalSchema)) })),
      },
    },
    async (request) => {
      const { project, environment } = request.params;
      findEnvironment(context, request.params);
      const { plan, flag } = request.query;
      const rehearsals = [...findProject(context, project).rehearsals.values()]
        .filter((each) => each.environment === environment)
        .filter((each) => plan === undefined || each.plan.key === plan)
        .filter((each) => flag === undefined || each.flag === flag)
        .toReversed()
        .map(viewOf);
      return { rehearsals };
    },
  );
}

function viewOf(state: RehearsalState): Static<typeof RehearsalSchema> {
  const { plan, flag, judgeVersion, seed, runs, unitsPerSecond, atMs, expiresAtMs, version } =
    state;
  return {
    digest: planDigest(plan),
    plan: plan.key,
    ...(flag === undefined ? {} : { flag }),
    ...{ judgeVersion, seed, runs, unitsPerSecond, atMs, expiresAtMs, version },
    assumed: [...state.assumed],
    scenarios: [...state.scenarios],
  };
}
