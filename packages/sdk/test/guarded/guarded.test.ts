import { unitHash } from '@downhaul/engine';
import { describe, expect, it } from 'vitest';
import { GuardedTimeoutError } from '../../src/index.ts';
import { startClient, startServer } from '../support/clients.ts';
import { UNIT_SALT, booleanFlag, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

const CONTEXT = { targetingKey: 'ada' };
const ADA = unitHash(UNIT_SALT, 'ada');

async function start(sharePercent = 100) {
  const server = await startServer(snapshotOf(1, [rolloutFlag('flag', sharePercent)]));
  const client = startClient({ url: server.url });
  await client.ready();
  await until('the stream is open', () => server.openStreams === 1);
  return { server, client };
}

function fail(): never {
  throw new Error('ordered by the test');
}

describe('a guarded call', () => {
  it('runs the way of the unit', async () => {
    const ways = { treatment: () => 'new', control: async () => 'old', context: CONTEXT };
    expect(await (await start(100)).client.guarded('flag', ways)).toBe('new');
    expect(await (await start(0)).client.guarded('flag', ways)).toBe('old');
  });

  it('runs control for a flag that is unknown, of a client without data', async () => {
    const client = startClient({ url: 'http://127.0.0.1:9', startTimeoutMs: 50 });
    expect(await client.guarded('flag', { treatment: fail, control: () => 'old' })).toBe('old');
  });

  it.each([
    ['throws', fail],
    ['rejects', () => Promise.reject(new Error('ordered by the test'))],
    ['never ends', () => new Promise<never>(() => undefined)],
  ])(
    'runs control after a treatment that %s, and counts it for the flag alone',
    async (_name, treatment) => {
      const { server, client } = await start();
      const options = { treatment, timeoutMs: 20, repeatable: true, context: CONTEXT };
      expect(await client.guarded('flag', { ...options, control: () => 'old' })).toBe('old');
      await until('it is reported', () => server.outcomes.length > 0);
      expect(server.outcomes).toEqual([
        expect.objectContaining({ unit: ADA, metric: 'http.error_rate', value: 1, flag: 'flag' }),
      ]);
    },
  );

  it('gives the caller the error where control may not be run after it', async () => {
    const { client } = await start();
    const control = () => fail();
    const never = () => new Promise<never>(() => undefined);
    await expect(
      client.guarded('flag', { treatment: fail, control, context: CONTEXT }),
    ).rejects.toThrow('ordered by the test');
    await expect(
      client.guarded('flag', { treatment: never, control, context: CONTEXT, timeoutMs: 10 }),
    ).rejects.toBeInstanceOf(GuardedTimeoutError);
  });

  it('tells a treatment that its time is over', async () => {
    const { client } = await start();
    let reason: unknown;
    const treatment = ({ signal }: { signal: AbortSignal }) =>
      new Promise<string>(() => {
        signal.addEventListener('abort', () => (reason = signal.reason));
      });
    const options = { treatment, control: () => 'old', timeoutMs: 10, repeatable: true };
    expect(await client.guarded('flag', { ...options, context: CONTEXT })).toBe('old');
    expect(reason).toBeInstanceOf(GuardedTimeoutError);
  });

  it('counts a control that fails as well, so that the arms can be compared', async () => {
    const { server, client } = await start(0);
    await expect(
      client.guarded('flag', { treatment: () => 'new', control: fail, context: CONTEXT }),
    ).rejects.toThrow();
    await until('it is reported', () => server.outcomes.length > 0);
    expect(server.outcomes).toMatchObject([{ unit: ADA, flag: 'flag' }]);
  });

  it('takes the unit of its scope', async () => {
    const { server, client } = await start();
    await client.run(CONTEXT, () =>
      client.guarded('flag', { treatment: fail, control: () => 'old', repeatable: true }),
    );
    await until('it is reported', () => server.outcomes.some((each) => each.flag === 'flag'));
    const failures = server.outcomes.filter((each) => each.metric === 'http.error_rate');
    expect(failures).toMatchObject([{ unit: ADA, flag: 'flag' }]);
  });
});

describe('the local breaker', () => {
  const failing = { treatment: fail, control: () => 'old', repeatable: true };

  it('stops a treatment that keeps failing, until the flag has another version', async () => {
    const { server, client } = await start();
    for (let unit = 0; unit < 5; unit++) {
      await client.guarded('flag', { ...failing, context: { targetingKey: `unit-${unit}` } });
    }
    expect(client.events).toContainEqual({ type: 'breakerOpened', flag: 'flag' });
    let ran = 0;
    const count = { treatment: () => (ran += 1), control: () => 0 };
    await client.guarded('flag', { ...count, context: { targetingKey: 'later' } });
    expect(ran).toBe(0);
    // In this instance it holds for every use of the flag.
    expect(client.details('flag', false, { targetingKey: 'later' })).toMatchObject({
      value: false,
      reason: 'DISABLED',
    });
    const later = unitHash(UNIT_SALT, 'later');
    await until('it is reported', () => server.exposures.some((each) => each.unit === later));
    expect(server.exposures.find((each) => each.unit === later)).toMatchObject({
      arm: 'treatment',
      served: false,
    });
    server.publish(snapshotOf(2, [rolloutFlag('flag', 100), booleanFlag('other')]));
    await until('the version is in use', () => client.status().version === 2);
    expect(client.boolean('flag', true, CONTEXT)).toBe(false);
    server.publish(snapshotOf(3, [{ ...rolloutFlag('flag', 100), version: 3 }]));
    await until('the version is in use', () => client.status().version === 3);
    expect(client.boolean('flag', false, CONTEXT)).toBe(true);
  });

  it('stops one that fails half of the time, and lets a rare failure pass', async () => {
    const half = await start();
    const rare = await start();
    for (let call = 0; call < 40; call++) {
      const context = { targetingKey: `unit-${call}` };
      const sometimes = (every: number) => ({
        ...failing,
        treatment: () => (call % every === 0 ? fail() : 'new'),
        context,
      });
      await half.client.guarded('flag', sometimes(2));
      await rare.client.guarded('flag', sometimes(5));
    }
    expect(half.client.boolean('flag', true, CONTEXT)).toBe(false);
    expect(rare.client.boolean('flag', false, CONTEXT)).toBe(true);
  });
});
