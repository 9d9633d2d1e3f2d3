import type { Api, TestServer } from './server.ts';
import { apiOf } from './server.ts';
import { checkoutFlag, unguardedPlan } from './documents.ts';

export const FLAG = '/projects/default/environments/production/flags/new-checkout';

/** Puts the plan and the flag; the rollout is not started. */
export async function putCheckout(api: Api, plan: object = unguardedPlan()): Promise<void> {
  await must(api('PUT', '/projects/default/plans/canary', plan));
  await must(api('PUT', '/projects/default/flags/new-checkout', checkoutFlag()));
}

/** The answer of a request that has to succeed. */
export async function must(answer: ReturnType<Api>): ReturnType<Api> {
  const { status, body, headers } = await answer;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return { status, body, headers };
}

/** A token of the kind and its API. */
export async function issue(
  server: TestServer,
  token: Readonly<Record<string, unknown>>,
): Promise<{ readonly token: string; readonly id: string; readonly api: Api }> {
  const { body } = await must(server.api('POST', '/tokens', { name: 'test', ...token }));
  return { token: body.token, id: body.id, api: apiOf(server.url, body.token) };
}

/** Position of the last event in the log. */
export async function positionOf({ url }: TestServer): Promise<number> {
  const ready = (await (await fetch(`${url}/readyz`)).json()) as { position: number };
  return ready.position;
}
