import { bucketOf, type Snapshot } from '@downhaul/engine';
import { apiOf, type TestServer } from './server.ts';
import { issue, must } from './setup.ts';

export interface FollowedFlag {
  readonly token: string;
  /** What the last snapshot gives a user. */
  readonly variantOf: (user: string) => 'on' | 'off';
  stop(): Promise<void>;
}

/**
 * `new-checkout` by plain HTTP: the snapshot is fetched five times a second, as a service without any SDK
 * of ours would.
 */
export async function followFlag(
  server: TestServer,
  service = 'storefront',
): Promise<FollowedFlag> {
  const { token } = await issue(server, { kind: 'sdk', service });
  const api = apiOf(server.url, token);
  const fetched = async (): Promise<Snapshot> =>
    (await must(api('GET', '/sdk/snapshot', undefined, { 'downhaul-instance': 'pod-1' }))).body;
  let snapshot = await fetched();
  let stopped = false;
  const following = (async () => {
    while (!stopped) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      snapshot = await fetched().catch(() => snapshot);
    }
  })();
  return {
    token,
    variantOf: (user) => {
      const rollout = snapshot.flags['new-checkout']?.rollout;
      const share = rollout?.allocations[0]?.sharePerMillion ?? 0;
      return rollout !== undefined && bucketOf(rollout.salt, user) < share ? 'on' : 'off';
    },
    stop: async () => {
      stopped = true;
      await following;
    },
  };
}
