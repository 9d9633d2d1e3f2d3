import { expect, test } from 'vitest';
import { compile, contentHash, type Snapshot, type SnapshotFlag } from '@downhaul/engine';
test('smoke', () => {
  const flag: SnapshotFlag = { key: 'new-checkout', kind: 'release', type: 'boolean', variants: { on: true, off: false }, serve: 'off', safe: 'off', down: false,
    rules: [{ name: 'gold', if: { attribute: 'plan', equals: 'gold' }, serve: 'on' }], rollout: { id: 'p/e/f#1', attempt: 1, phase: 'stage', stage: 0, to: 'on', control: 'off', unit: 'targetingKey', salt: 'new-checkout', allocations: [{ sharePerMillion: 50_000 }], peak: [], measured: true, metrics: [] },
    requires: [], conflicts: [], capabilities: [], version: 3 };
  const snapshot: Snapshot = { formatVersion: 1, project: 'default', environment: 'production', version: 7, hash: contentHash({ flags: { 'new-checkout': flag }, segments: {} }), unitSalt: 's', flags: { 'new-checkout': flag }, segments: {} };
  const e = compile(snapshot);
  expect(e.evaluate('new-checkout', { targetingKey: 'user-9' }).variant).toBe('on');
  expect(e.evaluate('new-checkout', { targetingKey: 'user-8' }).exposure?.arm).toBe('control');
  const x = e.explain('new-checkout', { targetingKey: 'user-9' });
  expect(x.evaluation).toEqual(e.evaluate('new-checkout', { targetingKey: 'user-9' }));
});
