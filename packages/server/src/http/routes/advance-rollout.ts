import { evidenceOf } from '@downhaul/control';
import { refusal } from '../../error/refusal.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { changes } from '../responses.ts';
import { ChangeHeaders, FlagEnvironmentPath, OptionalChangeBody } from '../schema/common.ts';
import { findRollout } from './find.ts';

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
      const { id } = findRollout(context, request.params);
      const evidence = evidenceOf(context.intake.state, id, context.store.nowMs());
      if (!evidence) throw refusal('evidence_missing', { rollout: id });
      const command = {
        type: 'advanceRollout',
        flag,
        environment,
        figures: evidence.nextFigures,
      } as const;
      const subject = `flag:${flag}/${environment}`;
      const change = { project, command, subject, body: request.body };
      return execute(context, { request, reply }, change);
    },
  );
}
