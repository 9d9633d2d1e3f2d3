import type { FlagEnvironmentState, FlagState } from '@downhaul/control';
import { Type } from 'typebox';
import { ownPart } from '../../auth/own-part.ts';
import type { App } from '../app-types.ts';
import { requireGrant } from '../authenticate.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { ProjectPath } from '../schema/common.ts';
import { findProject } from './find.ts';

const RolloutSummary = Type.Object({
  id: Type.String(),
  attempt: Type.Integer(),
  status: Type.String(),
  stage: Type.Integer(),
  stages: Type.Integer(),
  to: Type.String(),
  sharePerMillion: Type.Integer({ description: 'Highest share of any allocation.' }),
});

const FlagSummary = Type.Object({
  key: Type.String(),
  kind: Type.String(),
  type: Type.String(),
  owner: Type.String(),
  purpose: Type.String(),
  archived: Type.Boolean(),
  version: Type.Integer(),
  environments: Type.Record(
    Type.String(),
    Type.Object({
      serve: Type.String(),
      down: Type.Boolean(),
      version: Type.Integer(),
      rollout: Type.Optional(RolloutSummary),
    }),
  ),
});

export function listFlags(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/flags',
    {
      config: { access: 'view' },
      schema: {
        summary: 'The flags of a project, archived ones only when asked for.',
        operationId: 'listFlags',
        params: ProjectPath,
        querystring: Type.Object({ archived: Type.Optional(Type.Boolean()) }),
        response: answers(Type.Object({ flags: Type.Array(FlagSummary) })),
      },
    },
    async (request) => {
      const { flags } = findProject(context, request.params.project);
      const shown = [...flags.values()].filter(
        ({ archived }) => !archived || request.query.archived === true,
      );
      const { environment: bound } = requireGrant(request);
      return { flags: shown.map((flag) => summaryOf(flag, bound)) };
    },
  );
}

function summaryOf(flag: FlagState, bound: string | undefined) {
  const { key, definition, archived, version, environments } = flag;
  const { kind, type, owner, purpose } = definition;
  const here = Object.entries(ownPart(environments, bound)).map(([name, state]) => [
    name,
    environmentSummary(definition.environments[name]?.serve ?? definition.safe, state),
  ]);
  return {
    key,
    kind,
    type,
    owner,
    purpose,
    archived,
    version,
    environments: Object.fromEntries(here) as Record<string, ReturnType<typeof environmentSummary>>,
  };
}

function environmentSummary(serve: string, { down, version, rollout }: FlagEnvironmentState) {
  if (!rollout) return { serve, down, version };
  const { id, attempt, status, stage, to, plan, allocations } = rollout;
  const sharePerMillion = Math.max(0, ...allocations.map((each) => each.sharePerMillion));
  return {
    serve,
    down,
    version,
    rollout: { id, attempt, status, stage, stages: plan.stages.length, to, sharePerMillion },
  };
}
