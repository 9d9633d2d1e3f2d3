import {
  AsyncLocalStorageTransactionContextPropagator,
  type EvaluationContext,
  OpenFeature,
} from '@openfeature/server-sdk';
import { unitHash } from '@downhaul/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestClient, startClient, startServer } from '../support/clients.ts';
import type { FakeServer } from '../support/fake-server.ts';
import { UNIT_SALT, booleanFlag, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

const BY_PLAN = booleanFlag('by-plan', {
  rules: [{ name: 'paid', if: { attribute: 'plan', equals: 'paid' }, serve: 'on' }],
  capabilities: ['rules'],
});

let server: FakeServer;
let downhaul: TestClient;

beforeEach(async () => {
  const metrics = ['http.error_rate', 'checkout.completed'];
  server = await startServer(snapshotOf(1, [rolloutFlag('flag', 100, { metrics })]));
  downhaul = startClient({ url: server.url });
  await OpenFeature.setProviderAndWait(downhaul.provider);
});

afterEach(async () => {
  OpenFeature.setContext({});
  await OpenFeature.close();
});

/** The units that a request in a scope exposes, and those its failure counts for. */
async function unitsOf(
  scope: EvaluationContext,
  call?: EvaluationContext,
): Promise<{ exposed: string[]; failed: string[] }> {
  const flags = OpenFeature.getClient();
  const work = async () => {
    await flags.getBooleanValue('flag', false, call);
    throw new Error('ordered by the test');
  };
  await downhaul.run(scope, work).catch(() => undefined);
  await until('it is reported', () => server.exposures.length > 0 && server.outcomes.length > 0);
  return {
    exposed: server.exposures.map(({ unit }) => unit),
    failed: server.outcomes.map(({ unit }) => unit),
  };
}

const hash = (user: string): string => unitHash(UNIT_SALT, user);

describe('whose unit OpenFeature evaluates for', () => {
  it('is the scope’s, whatever the global context says', async () => {
    OpenFeature.setContext({ targetingKey: 'the-service' });
    const { exposed, failed } = await unitsOf({ targetingKey: 'ada' });
    expect({ exposed, failed }).toEqual({ exposed: [hash('ada')], failed: [hash('ada')] });
  });

  it('is the scope’s, whatever the transaction says', async () => {
    OpenFeature.setTransactionContextPropagator(
      new AsyncLocalStorageTransactionContextPropagator(),
    );
    await new Promise<void>((resolve, reject) => {
      OpenFeature.setTransactionContext({ targetingKey: 'the-transaction' }, () => {
        unitsOf({ targetingKey: 'ada' })
          .then(({ exposed }) => expect(exposed).toEqual([hash('ada')]))
          .then(resolve, reject);
      });
    });
  });

  it('is the call’s, and the outcome goes to it as well', async () => {
    OpenFeature.setContext({ targetingKey: 'the-service' });
    const { exposed, failed } = await unitsOf({ targetingKey: 'ada' }, { targetingKey: 'eve' });
    expect(exposed).toEqual([hash('eve')]);
    expect(failed.sort()).toEqual([hash('ada'), hash('eve')].sort());
  });

  it('is that of the global context where the scope says nothing', async () => {
    OpenFeature.setContext({ targetingKey: 'the-service' });
    const { exposed, failed } = await unitsOf({ plan: 'free' });
    expect(exposed).toEqual([hash('the-service')]);
    expect(failed).toEqual([hash('the-service')]);
  });

  it('is nobody’s where the scope says that there is none', async () => {
    OpenFeature.setContext({ targetingKey: 'the-service' });
    const flags = OpenFeature.getClient();
    await downhaul.run({ targetingKey: undefined } as never, () =>
      flags.getBooleanValue('flag', false),
    );
    await unitsOf({ targetingKey: 'ada' });
    expect(server.exposures.map(({ unit }) => unit)).toEqual([hash('ada')]);
  });

  it('leaves other attributes of the global context below the scope’s, too', async () => {
    OpenFeature.setContext({ plan: 'paid', region: 'eu' });
    server.publish(snapshotOf(2, [BY_PLAN]));
    await until('it has come', () => downhaul.status().version === 2);
    const flags = OpenFeature.getClient();
    const read = (call?: EvaluationContext) => flags.getBooleanValue('by-plan', false, call);
    expect(await read()).toBe(true);
    expect(await downhaul.run({ plan: 'free' }, () => read())).toBe(false);
    expect(await downhaul.run({ region: 'us' }, () => read())).toBe(true);
  });

  it('is counted for what is tracked in the scope', async () => {
    OpenFeature.setContext({ targetingKey: 'the-service' });
    const flags = OpenFeature.getClient();
    downhaul.run({ targetingKey: 'ada' }, () => {
      flags.track('checkout.completed');
      flags.track('checkout.completed', { targetingKey: 'eve' });
    });
    await until('both are reported', () => server.outcomes.length > 1);
    expect(server.outcomes.map(({ unit }) => unit).sort()).toEqual(
      [hash('ada'), hash('eve')].sort(),
    );
  });
});
