import { MAX_SLICE_VALUE, unitHash } from '@downhaul/engine';
import type { EvaluationContext } from '@openfeature/server-sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSliceReader } from '../../src/telemetry/slice-reader.ts';
import { startClient, startServer } from '../support/clients.ts';
import { UNIT_SALT, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

describe('what leaves the host of a context', () => {
  it('is what the plan tells apart, at the first exposure, and nothing else', async () => {
    const slices = ['platform', 'account.size', 'beta'];
    const server = await startServer(
      snapshotOf(1, [rolloutFlag('sliced', 100, { slices }), rolloutFlag('plain', 100)]),
    );
    const client = startClient({ url: server.url });
    await client.ready();
    const context = {
      targetingKey: 'ada',
      platform: 'ios',
      account: { size: 250, name: 'acme' },
      beta: false,
      email: 'ada@acme.test',
    };
    client.boolean('sliced', false, context);
    client.boolean('sliced', false, { ...context, platform: 'android' });
    client.boolean('plain', false, context);
    await until('both are told', () => server.exposures.length === 2);
    const unit = unitHash(UNIT_SALT, 'ada');
    expect(server.exposures).toMatchObject([
      { flag: 'sliced', unit, slices: { platform: 'ios', 'account.size': '250', beta: 'false' } },
      { flag: 'plain', unit },
    ]);
    expect(server.exposures[1]).not.toHaveProperty('slices');
    expect(JSON.stringify(server.reports)).not.toMatch(/acme|"ada"/);
  });

  it('is bounded in length, and never makes an evaluation fail', () => {
    const read = compileSliceReader(['a', 'b', 'broken']);
    const context = Object.defineProperty({ a: 'x'.repeat(MAX_SLICE_VALUE + 1), b: 1 }, 'broken', {
      get: () => {
        throw new Error('ordered by the test');
      },
    });
    expect(read(context)).toEqual({ b: '1' });
  });

  it('is text of a text, number or boolean, whatever the context holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.anything()), (context) => {
        const found = compileSliceReader(['a', 'b'])(context as EvaluationContext);
        for (const [attribute, text] of Object.entries(found ?? {})) {
          expect(['a', 'b']).toContain(attribute);
          expect(text).toBe(String(context[attribute]));
          expect(text.length).toBeLessThanOrEqual(MAX_SLICE_VALUE);
        }
      }),
    );
  });
});
