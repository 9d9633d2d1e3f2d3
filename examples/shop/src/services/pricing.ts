/**
 * Pricing: works out what a basket costs. Its smart way of pricing is right for everyone and fast for
 * most, but takes a slow path for one user in five: only the tail gets slower.
 */
import { createDownhaul } from '@downhaul/sdk';
import { FAULTS } from './faults.ts';
import { queryOf, sendJson, startService, work } from './http-service.ts';
import { traitOf } from './user-traits.ts';

const downhaul = createDownhaul({
  instance: process.env['INSTANCE_NAME'] ?? 'pricing',
  trustIncomingBaggage: true,
});
await downhaul.ready();

startService(
  downhaul,
  downhaul.http(async (request, response) => {
    const query = queryOf(request);
    const user = query.get('user') ?? '';
    await work(4, 12);
    if (query.get('smart') === 'yes' && traitOf(user, 'large basket') < FAULTS.largeBasketShare)
      await work(FAULTS.slowPathMs.from, FAULTS.slowPathMs.to);
    sendJson(response, 200, { total: 10 + Math.floor(traitOf(user, 'basket') * 90) });
  }),
);
