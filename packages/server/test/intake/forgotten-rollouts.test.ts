import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/open-store.ts';
import { canaryPlan } from '../support/documents.ts';
import { FLAG, issue, must, putCheckout } from '../support/setup.ts';
import { apiOf, startTestServer, type TestServer, until } from '../support/server.ts';
import { createTraffic } from '../support/traffic.ts';

let server: TestServer | undefined;
afterEach(async () => server?.dispose());

/** As after an update of the server: a checkpoint of another form, and rows that are past their retention. */
async function forgetTelemetry({ running, dataDirectory }: TestServer): Promise<void> {
  await running.close();
  const store = openSqliteStore(join(dataDirectory, 'downhaul.db'), { nowMs: () => Date.now() });
  const [last] = (await store.readIntake({ after: 0, limit: 10_000 })).slice(-1);
  await store.writeCheckpoint({ sequence: last?.sequence ?? 0, state: '{"formatVersion":0}' });
  await store.prune({ idempotencyBeforeMs: 0, intakeBeforeMs: Date.now() + 60_000 });
  expect(await store.readIntake({ after: 0, limit: 1 })).toEqual([]);
  await store.close();
}

describe('rollouts that telemetry has forgotten', () => {
  it('are measured anew, so that harm is still seen', async () => {
    server = await startTestServer({ reportInterval: 1_000 });
    const stages = [
      { share: '50%', bake: '1h' },
      { share: '100%', bake: '1h' },
    ];
    await putCheckout(server.api, canaryPlan({ stages }));
    await must(server.api('POST', `${FLAG}/rollout/start`));
    const { token } = await issue(server, { kind: 'sdk', service: 'shop' });
    const send = async (running: TestServer, instance: string, treatment: number) => {
      const api = apiOf(running.url, token);
      const traffic = createTraffic(api, () => Date.now(), instance);
      return until(async () => {
        await traffic.send(100, { control: 0.02, treatment });
        await new Promise((resolve) => setTimeout(resolve, 100));
        const { rollout } = (await must(running.api('GET', `${FLAG}/rollout`))).body;
        return (treatment > 0.1 ? rollout.status === 'rolledBack' : rollout.stage === 0) && rollout;
      }, 60_000);
    };
    await send(server, 'before', 0.02);
    await forgetTelemetry(server);
    server = await server.restart();
    const rollout = await send(server, 'after', 0.4);
    expect(rollout.cause.code).toBe('harm');
  }, 180_000);
});
