import { deserializeTelemetry, lossesOf, serializeTelemetry } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { Intake, ROLLOUT, SCOPE, someRollout } from '../support/intake.ts';

const PLACE = { id: ROLLOUT, project: SCOPE.project, environment: SCOPE.environment };

function withLosses() {
  const intake = new Intake();
  intake.change(someRollout());
  const report = (
    sequence: number,
    losses: readonly { rollout: string; cause: string; items: number }[],
    dropped = { exposures: 0, outcomes: 0 },
  ) =>
    intake.add({
      type: 'report',
      scope: SCOPE,
      losses,
      report: {
        ...{ instance: 'store-1', sequence, sentAtMs: intake.nowMs, version: 10 },
        ...{ exposures: [], outcomes: [], activity: [], dropped },
      },
    });
  return { intake, report };
}

describe('what reports lost', () => {
  test('is shown with the rollout: who, for which cause, how much and since when', () => {
    const { intake, report } = withLosses();
    report(1, [{ rollout: ROLLOUT, cause: 'arm_impossible', items: 2 }]);
    const sinceMs = intake.state.atMs;
    intake.nowMs += 5_000;
    report(2, [
      { rollout: ROLLOUT, cause: 'arm_impossible', items: 3 },
      { rollout: 'default/production/other#1', cause: 'future', items: 9 },
    ]);
    report(3, [], { exposures: 4, outcomes: 5 });
    // A repeated report adds nothing.
    report(3, [], { exposures: 4, outcomes: 5 });
    const who = { service: SCOPE.service, instance: 'store-1' };
    expect(lossesOf(intake.state, { ...PLACE, startedAtMs: 0 })).toMatchObject([
      { ...who, rollout: '', cause: 'sdk_queue', items: 9 },
      { ...who, rollout: ROLLOUT, cause: 'arm_impossible', items: 5, sinceMs },
    ]);
    const later = { ...PLACE, startedAtMs: intake.state.atMs + 1 };
    expect(lossesOf(intake.state, later)).toEqual([]);
  });

  test('is bounded, and the same after a checkpoint, also one of before it was kept', () => {
    const { intake, report } = withLosses();
    for (let index = 1; index <= 1_100; index += 1) {
      report(index, [{ rollout: ROLLOUT, cause: `cause ${index}`, items: 1 }]);
    }
    const losses = lossesOf(intake.state, { ...PLACE, startedAtMs: 0 });
    expect(losses).toHaveLength(1_000);
    expect(losses.map(({ cause }) => cause)).toContain('cause 1100');
    const written = structuredClone(serializeTelemetry(intake.state));
    expect(deserializeTelemetry(structuredClone(written))).toEqual(intake.state);
    const earlier = written.environments.map(({ losses: _none, ...rest }) => rest);
    const read = deserializeTelemetry({ ...written, environments: earlier });
    expect(read && lossesOf(read, { ...PLACE, startedAtMs: 0 })).toEqual([]);
  });
});
