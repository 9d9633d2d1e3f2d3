import { basisOf, evidenceOf } from '@downhaul/control';
import { Refusal, refusal } from '../../error/refusal.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, FlagEnvironmentPath, OptionalChangeBody } from '../schema/common.ts';
import { type FlagPlace, findRollout } from './find.ts';

export function advanceRollout(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/environments/:environment/flags/:flag/rollout/advance',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Enters the next stage now, on somebody’s word instead of the evidence.',
        operationId: 'advanceRollout',
        params: FlagEnvironmentPath,
        headers: ChangeHeaders,
        body: OptionalChangeBody,
        response: changes(),
      },
    },
    async (request, reply) => {
      const { project, environment, flag } = request.params;
      return taken(async () => {
        const command = await commandOn(context, request.params);
        const subject = `flag:${flag}/${environment}`;
        const change = { project, command, subject, body: request.body };
        return execute(context, { request, reply }, change);
      });
    },
  );
}

/** The command with the figures of the evidence as it is now. */
async function commandOn(context: ServerContext, place: FlagPlace) {
  const { flag, environment } = place;
  return context.intake.judge(() => {
    const { id } = findRollout(context, place);
    const evidence = evidenceOf(context.intake.state, id, context.store.nowMs());
    if (!evidence) throw refusal('evidence_missing', { rollout: id });
    const { nextFigures: figures } = evidence;
    return {
      type: 'advanceRollout',
      flag,
      environment,
      figures,
      basis: basisOf(evidence),
    } as const;
  });
}

/** A rollout that moves between its evidence and the command is looked at again. */
const MOST_TRIES = 3;

async function taken<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const outdated = error instanceof Refusal && error.problem.code === 'evidence_outdated';
      if (!outdated || tries === MOST_TRIES) throw error;
    }
  }
}
