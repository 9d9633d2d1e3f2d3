import {
  checkBeforeStart,
  decide,
  type Plan,
  readPlanDocument,
  stopsStart,
  withAll,
} from '@downhaul/control';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { Refusal, refusal } from '../../error/refusal.ts';
import { actorOf } from '../../auth/access.ts';
import { tryMetrics } from '../../prometheus/try-metrics.ts';
import type { App } from '../app-types.ts';
import { requireGrant } from '../authenticate.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { Document, FlagEnvironmentPath, Json } from '../schema/common.ts';
import { findFlag, findFlagHere, findProject } from './find.ts';

const Body = Type.Object(
  {
    plan: Type.Optional(
      Type.Union([Type.String(), Document('A plan document.')], {
        description: 'Key of a named plan or a plan; absent: as declared.',
      }),
    ),
    to: Type.Optional(Type.String({ description: 'Target variant; absent: as declared.' })),
  },
  { additionalProperties: false },
);

const Checked = Type.Object({
  ready: Type.Boolean({ description: 'A start would be taken now, whatever warnings there are.' }),
  items: Type.Array(
    Type.Object({
      code: Type.String(),
      ok: Type.Boolean({ description: 'There is nothing to say against it.' }),
      stops: Type.Boolean({
        description: 'A start is refused while it is so; else what is not `ok` is a warning.',
      }),
      text: Type.String(),
      remedy: Type.String({ description: 'Empty where it is fine.' }),
    }),
  ),
  refusal: Type.Optional(
    Type.Object(
      {
        code: Type.String(),
        message: Type.String(),
        path: Type.String(),
        details: Type.Optional(Json),
      },
      { description: 'What a start would be refused with now.' },
    ),
  ),
});

export function checkRollout(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/environments/:environment/flags/:flag/rollout/check',
    {
      config: { access: 'view' },
      schema: {
        summary:
          'Says what stands in the way of a start and what to expect of it; changes nothing.',
        operationId: 'checkRollout',
        params: FlagEnvironmentPath,
        body: Type.Optional(Type.Union([Body, Type.Null()])),
        response: answers(Checked),
      },
    },
    async (request) => {
      const { project, environment } = request.params;
      findFlagHere(context, request.params);
      const { definition } = findFlag(context, request.params);
      const declared = definition.environments[environment]?.rollout;
      const { to } = request.body ?? {};
      const target = to === undefined ? {} : { to };
      const plan = planOf(context, project, request.body?.plan ?? declared?.plan);
      const place = { project, environment, flag: definition };
      const control = definition.environments[environment]?.serve ?? definition.safe;
      const tried = {
        project,
        environment,
        flag: definition.key,
        affects: definition.affects,
        plan,
        control,
      };
      const trials = await tryMetrics(context, tried);
      const { state } = context.log;
      const nowMs = context.store.nowMs();
      const telemetry = context.intake.state;
      const items = await context.intake.judge(() =>
        checkBeforeStart({ ...place, ...target, plan, trials, state, telemetry, nowMs }),
      );
      const asked = { type: 'startRollout', ...place, flag: definition.key, plan } as const;
      const command = { ...asked, ...target, ...envelopeOf(request) };
      const decision = decide(state, command, { nowMs });
      return {
        ready: decision.ok,
        items: items.map((item) => ({ ...item, stops: stopsStart(item) })),
        ...(decision.ok ? {} : { refusal: decision.error }),
      };
    },
  );
}

/** Of a command that is decided on but not carried out. */
function envelopeOf(request: FastifyRequest) {
  const { id } = request;
  return { actor: actorOf(requireGrant(request)), correlationId: id, idempotencyKey: id };
}

function planOf(context: ServerContext, project: string, asked: unknown): Plan {
  if (typeof asked === 'string') {
    const found = findProject(context, project).plans.get(asked);
    if (!found) throw refusal('plan_unknown', { plan: asked, project }, { path: '/plan' });
    return found.plan;
  }
  if (asked === undefined) throw refusal('rollout_plan_missing', {}, { path: '/plan' });
  const read = readPlanDocument(asked);
  if (read.ok) return read.value;
  const problem = withAll(read.problems);
  throw new Refusal({ ...problem, path: `/plan${problem.path}` });
}
