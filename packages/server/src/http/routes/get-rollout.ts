import { viewRollout } from '../../rollout/view-rollout.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { FlagEnvironmentPath } from '../schema/common.ts';
import { RolloutAnswer } from '../schema/rollout.ts';
import { findFlagHere } from './find.ts';

export function getRollout(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/environments/:environment/flags/:flag/rollout',
    {
      config: { access: 'view' },
      schema: {
        summary:
          'Where a rollout stands: stage, evidence against limits, what it waits for, who has it.',
        operationId: 'getRollout',
        params: FlagEnvironmentPath,
        response: answers(RolloutAnswer),
      },
    },
    async (request) => {
      // Who watches is shown what is known, also while the store fails.
      const settledThrough = await context.intake.settle();
      const here = findFlagHere(context, request.params);
      return viewRollout(context, request.params, { here, settledThrough });
    },
  );
}
