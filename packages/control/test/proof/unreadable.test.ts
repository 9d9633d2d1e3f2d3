import { assessProof, type ProofState } from '@downhaul/control';
import type { Acknowledgement } from '@downhaul/engine';
import { describe, expect, test } from 'vitest';
import { Intake, SCOPE, START_MS } from '../support/intake.ts';

const PROOF: ProofState = {
  id: 'production/new-checkout@20',
  project: 'default',
  environment: 'production',
  flag: 'new-checkout',
  version: 20,
  openedAtMs: START_MS,
  kind: 'down',
  deadlinesMs: { reached: 30_000, silent: 90_000, recovered: 900_000 },
  clocks: {},
};

function acknowledge(intake: Intake, version: number, more: Partial<Acknowledgement>): void {
  const acknowledgement = {
    instance: 'store-1',
    version,
    sdk: { name: 'downhaul', version: '0.1.0', formatVersion: 1 },
    capabilities: ['rollout'],
    reportsExposures: true,
    sentAtMs: intake.nowMs,
    ...more,
  };
  intake.add({ type: 'acknowledgement', scope: SCOPE, acknowledgement });
}

function proofAfter(...said: readonly (readonly [number, Partial<Acknowledgement>])[]) {
  const intake = new Intake();
  for (const [version, more] of said) {
    intake.nowMs += 10;
    acknowledge(intake, version, more);
  }
  return assessProof({ proof: PROOF, telemetry: intake.state, nowMs: intake.nowMs }).clocks;
}

describe('a proof, invariant 6', () => {
  test('names who acknowledged the version and cannot read the flag', () => {
    const { reached, silent } = proofAfter([20, { unreadable: ['other', 'new-checkout'] }]);
    const sentence = 'Cannot read new-checkout and serve the code default: store-1.';
    expect(reached).toMatchObject({ outcome: 'proven' });
    expect(reached.statement).toContain(sentence);
    expect(silent.statement).toContain(sentence);
  });

  test('says nothing of an instance that cannot read another flag, or can read this one again', () => {
    expect(proofAfter([20, { unreadable: ['other'] }]).reached.statement).not.toContain('store-1');
    const mended = proofAfter([20, { unreadable: ['new-checkout'] }], [21, {}]);
    expect(mended.reached.statement).not.toContain('store-1');
  });

  test('names an instance whose list of flags is cut', () => {
    const { reached } = proofAfter([20, { unreadable: ['other'], unreadableMore: 7 }]);
    expect(reached.statement).toContain('so many flags that it may be among them: store-1.');
  });

  test('is not reached by an instance that refuses the version, and says why', () => {
    const { reached } = proofAfter(
      [19, {}],
      [19, { refused: { version: 20, why: 'hash must be x' } }],
    );
    expect(reached).toMatchObject({
      outcome: 'pending',
      missing: [
        {
          name: 'store-1',
          why: 'refuses version 20: hash must be x; last acknowledged version 19',
        },
      ],
    });
  });

  test('is not reached by one that refuses its first version, though its stream is open', () => {
    const intake = new Intake();
    const contact = { type: 'contact', contact: 'streamOpened', instance: 'store-1' } as const;
    intake.add({ ...contact, scope: SCOPE, version: 20 });
    acknowledge(intake, 0, { refused: { why: 'it is no JSON' } });
    const view = assessProof({ proof: PROOF, telemetry: intake.state, nowMs: intake.nowMs });
    expect(view.clocks.reached.missing).toMatchObject([
      { why: 'refuses a version: it is no JSON; last acknowledged version none' },
    ]);
  });

  test('forgets a refusal once that version or a later one is used', () => {
    const { reached } = proofAfter([19, { refused: { version: 20, why: 'x' } }], [20, {}]);
    expect(reached).toMatchObject({ outcome: 'proven', missing: [] });
  });
});
