/**
 * Payments: charges a card. Its express way refuses every card of a kind that one user in four has:
 * the failure happens here, in another service than the one that evaluates the flag.
 */
import { createDownhaul } from '@downhaul/sdk';
import { FAULTS } from './faults.ts';
import { queryOf, sendJson, startService, work } from './http-service.ts';
import { traitOf } from './user-traits.ts';

const downhaul = createDownhaul({
  instance: process.env['INSTANCE_NAME'] ?? 'payments',
  trustIncomingBaggage: true,
});
await downhaul.ready();

startService(
  downhaul,
  downhaul.http(async (request, response) => {
    const query = queryOf(request);
    const user = query.get('user') ?? '';
    await work(4, 12);
    const oldCard = traitOf(user, 'old card') < FAULTS.oldCardShare;
    const unlucky = Math.random() < FAULTS.unluckyShare;
    if ((query.get('express') === 'yes' && oldCard) || unlucky) {
      sendJson(response, 500, { error: 'card refused by the express gateway' });
      return;
    }
    sendJson(response, 200, { paid: true });
  }),
);
