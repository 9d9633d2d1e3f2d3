import { refusal } from '../../error/refusal.ts';
import { viewProof } from '../../proof/view-proof.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { FlagEnvironmentPath } from '../schema/common.ts';
import { ProofSchema } from '../schema/proof.ts';
import { findFlagHere } from './find.ts';

export function getLatestProof(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/environments/:environment/flags/:flag/proof',
    {
      config: { access: 'view' },
      schema: {
        summary: 'The newest rollback proof of a flag in an environment.',
        operationId: 'getLatestProof',
        params: FlagEnvironmentPath,
        response: answers(ProofSchema),
      },
    },
    async (request) => {
      const { flag, environment } = request.params;
      const { proof: id } = findFlagHere(context, request.params);
      const proof = id === undefined ? undefined : context.log.state.proofs.get(id);
      if (!proof) throw refusal('proof_not_found', { flag, environment });
      return viewProof(context, proof, await context.intake.settle());
    },
  );
}
