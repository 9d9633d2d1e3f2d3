import { OpenFeature } from '@openfeature/server-sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { createTestDownhaul } from '../../src/testing/index.ts';

afterEach(() => OpenFeature.close());

describe('the client for tests', () => {
  it('serves plain values at once', () => {
    const downhaul = createTestDownhaul({ flag: true, text: 'a', number: 1, object: { a: [1] } });
    expect(downhaul.boolean('flag', false)).toBe(true);
    expect(downhaul.string('text', '')).toBe('a');
    expect(downhaul.number('number', 0)).toBe(1);
    expect(downhaul.object('object', {})).toEqual({ a: [1] });
    expect(downhaul.boolean('unknown', true)).toBe(true);
    expect(downhaul.status()).toMatchObject({ state: 'ready' });
  });

  it('changes when the test says so', () => {
    const downhaul = createTestDownhaul({ flag: true, other: 1 });
    downhaul.set('flag', false);
    expect([downhaul.boolean('flag', true), downhaul.number('other', 0)]).toEqual([false, 1]);
    downhaul.replace({ flag: true });
    expect([downhaul.boolean('flag', false), downhaul.number('other', 0)]).toEqual([true, 0]);
  });

  it('is a provider as well', async () => {
    const downhaul = createTestDownhaul({ flag: true });
    await OpenFeature.setProviderAndWait(downhaul.provider);
    expect(await OpenFeature.getClient().getBooleanValue('flag', false)).toBe(true);
    downhaul.set('flag', false);
    expect(await OpenFeature.getClient().getBooleanValue('flag', true)).toBe(false);
  });

  it('guards, runs and closes as any client', async () => {
    const downhaul = createTestDownhaul({ flag: true });
    const ways = { treatment: () => 'new', control: () => 'old' };
    expect(await downhaul.run({}, () => downhaul.guarded('flag', ways))).toBe('new');
    await downhaul.close();
  });
});
