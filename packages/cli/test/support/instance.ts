import type { TestServer } from './server.ts';

/** What an SDK says, without an SDK: an instance that uses a version and sends empty reports. */
interface TestInstance {
  acknowledge(version: number): Promise<void>;
  /** A report in which nobody was exposed. */
  reportNothing(version: number): Promise<void>;
}

export async function createInstance(server: TestServer, instance: string): Promise<TestInstance> {
  const { token } = (await server.post('tokens', { name: 'pricing', kind: 'sdk' })) as {
    token: string;
  };
  const headers = { authorization: `Bearer ${token}`, 'downhaul-instance': instance };
  let sequence = 0;
  return {
    acknowledge: async (version) => {
      await server.post(
        'sdk/acknowledgements',
        {
          instance,
          version,
          sdk: { name: 'test', version: '1.0.0', formatVersion: 1 },
          capabilities: [],
          reportsExposures: true,
          sentAtMs: Date.now(),
        },
        headers,
      );
    },
    reportNothing: async (version) => {
      sequence += 1;
      await server.post(
        'sdk/reports',
        {
          instance,
          sequence,
          sentAtMs: Date.now(),
          version,
          exposures: [],
          outcomes: [],
          activity: [],
          dropped: { exposures: 0, outcomes: 0 },
        },
        headers,
      );
    },
  };
}
