/**
 * Storefront: one page, `GET /checkout?user=…`. It evaluates three flags for the user, asks pricing and
 * payments, and degrades politely when payments fails: the page still answers 200, so only payments
 * and the user know. Every answer says what was served, for the load generator's own record.
 */
import { OpenFeature } from '@openfeature/server-sdk';
import { createDownhaul } from '@downhaul/sdk';
import { queryOf, sendJson, startService } from './http-service.ts';

const pricingUrl = process.env['PRICING_URL'] ?? 'http://127.0.0.1:7002';
const paymentsUrl = process.env['PAYMENTS_URL'] ?? 'http://127.0.0.1:7003';

const downhaul = createDownhaul({
  instance: process.env['INSTANCE_NAME'] ?? 'storefront',
  propagateTo: [pricingUrl, paymentsUrl],
});
await OpenFeature.setProviderAndWait(downhaul.provider);
const flags = OpenFeature.getClient();

startService(
  downhaul,
  downhaul.http(
    async (request, response) => {
      const user = queryOf(request).get('user') ?? '';
      const context = { targetingKey: user };
      const served = {
        'new-checkout': await flags.getBooleanDetails('new-checkout', false, context),
        'express-pay': await flags.getBooleanDetails('express-pay', false, context),
        'smart-pricing': await flags.getBooleanDetails('smart-pricing', false, context),
      };
      const [price, payment] = await Promise.all([
        call(pricingUrl, { user, smart: yesNo(served['smart-pricing'].value) }),
        call(paymentsUrl, { user, express: yesNo(served['express-pay'].value) }),
      ]);
      sendJson(response, price.ok ? 200 : 502, {
        page: served['new-checkout'].value ? 'one-page' : 'classic',
        total: price.body['total'],
        paid: payment.ok,
        served: Object.entries(served).map(([flag, details]) => ({
          flag,
          on: details.value,
          reason: details.reason,
          version: details.flagMetadata['version'],
        })),
      });
    },
    { context: (request) => ({ targetingKey: queryOf(request).get('user') ?? '' }) },
  ),
);

async function call(
  base: string,
  query: Readonly<Record<string, string>>,
): Promise<{ ok: boolean; body: Record<string, unknown> }> {
  const url = `${base}/?${new URLSearchParams(query).toString()}`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return { ok: answer.ok, body: (await answer.json()) as Record<string, unknown> };
  } catch {
    // A service that is away is a service that did not do it; the page says so.
    return { ok: false, body: {} };
  }
}

function yesNo(on: boolean): string {
  return on ? 'yes' : 'no';
}
