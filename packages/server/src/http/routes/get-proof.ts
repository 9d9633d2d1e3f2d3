import { refusal } from '../../error/refusal.ts';
import { viewProof } from '../../proof/view-proof.ts';
import { refuseOtherScope } from '../../auth/access.ts';
import type { App } from '../app-types.ts';
import { requireGrant } from '../authenticate.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { ProofPath } from '../schema/common.ts';
import { ProofSchema } from '../schema/proof.ts';

export function getProof(app: App, context: ServerContext): void {
  app.get(
    '/projects/:project/proofs/:proof',
    {
      config: { access: 'view' },
      schema: {
        summary: 'A rollback proof: its three clocks, and by instance what is still missing.',
        operationId: 'getProof',
        params: ProofPath,
        response: answers(ProofSchema),
      },
    },
    async (request) => {
      const { project, proof: id } = request.params;
      const proof = context.log.state.proofs.get(id);
      // An id begins with its environment: also whether there is such a proof is that environment's own.
      const environment = proof?.environment ?? id.split('/')[0];
      refuseOtherScope(requireGrant(request), { access: 'view', project, environment });
      if (proof?.project !== project) {
        throw refusal('proof_unknown', { proof: id }, { path: '/proof' });
      }
      return viewProof(context, proof, await context.intake.settle());
    },
  );
}
