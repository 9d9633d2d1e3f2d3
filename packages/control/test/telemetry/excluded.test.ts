import {
  deserializeTelemetry,
  instanceKey,
  type SerializedTelemetry,
  senderKey,
  serializeTelemetry,
} from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import {
  activity,
  exposure,
  Intake,
  outcome,
  ROLLOUT,
  SCOPE,
  someRollout,
  START_MS,
  unitOf,
} from '../support/intake.ts';

const BY = { by: 'ada', atMs: START_MS };
const ERRORS = 'http.error_rate@60000';

/** A rollout in its first stage; `excluded` is in force from the start. */
class Judged extends Intake {
  #position = 10;

  constructor(
    excluded: readonly { service: string; instance?: string }[] = [],
    affects: readonly string[] = [],
  ) {
    super();
    this.exclude(excluded, affects);
  }

  exclude(
    sources: readonly { service: string; instance?: string }[],
    affects: readonly string[] = [],
  ): void {
    const excluded = sources.map((source) => ({ ...source, ...BY }));
    const change = { position: this.#position, rollout: someRollout(), affects, excluded };
    this.#position += 1;
    this.add({ type: 'rolloutChanged', change });
  }

  /** Treatment units by the storefront, and failures of all of them by another source. */
  fail(units: readonly string[], by: string, instance = `${by}-1`): void {
    this.report({ exposures: units.map((unit) => exposure({ unit, arm: 'treatment' })) });
    this.report({ instance, outcomes: units.map((unit) => outcome({ unit })) }, by);
  }

  bad(): number | undefined {
    this.closeThrough((this.state.rollouts.get(ROLLOUT)?.openBatch ?? 0) + 1);
    return this.totals(ERRORS)?.treatment.bad;
  }
}

const UNITS = [1, 2, 3].map(unitOf);

describe('a source', () => {
  test('counts, though nobody expected it, and is named with what it told', () => {
    const intake = new Judged();
    intake.fail(UNITS, 'fraud');
    expect(intake.bad()).toBe(3);
    const told = {
      metric: 'http.error_rate',
      service: 'fraud',
      control: 0,
      treatment: 3,
    };
    expect(intake.evidence.harmSources).toEqual([told, { ...told, instance: 'fraud-1' }]);
  });

  test('that is excluded counts no more, whether as a service or as one instance', () => {
    for (const source of [{ service: 'fraud' }, { service: 'fraud', instance: 'fraud-1' }]) {
      const intake = new Judged([source]);
      intake.fail(UNITS, 'fraud');
      expect(intake.bad()).toBe(0);
      expect(intake.evidence.harmSources).toEqual([]);
      expect(intake.evidence.excluded).toEqual([{ ...source, ...BY }]);
    }
  });

  test('counts where only another instance or service is excluded', () => {
    for (const source of [
      { service: 'fraud', instance: 'fraud-2' },
      { service: 'storefront', instance: 'fraud-1' },
      { service: 'other' },
    ]) {
      const intake = new Judged([source]);
      intake.fail(UNITS, 'fraud');
      expect(intake.bad()).toBe(3);
    }
  });

  test('that is excluded does not count through outcomes that came before their unit', () => {
    for (const source of [{ service: 'fraud' }, { service: 'fraud', instance: 'fraud-1' }]) {
      const intake = new Judged([source]);
      const outcomes = UNITS.map((unit) => outcome({ unit }));
      intake.report({ instance: 'fraud-1', outcomes }, 'fraud');
      intake.report({ exposures: UNITS.map((unit) => exposure({ unit, arm: 'treatment' })) });
      expect(intake.bad()).toBe(0);
    }
  });

  test('counts for what it tells before and after its exclusion, and not between', () => {
    const intake = new Judged();
    intake.fail([unitOf(1)], 'fraud');
    intake.exclude([{ service: 'fraud' }]);
    intake.fail([unitOf(2)], 'fraud');
    intake.exclude([]);
    intake.fail([unitOf(3)], 'fraud');
    expect(intake.bad()).toBe(2);
  });

  test('that is excluded stays so when the rollout moves, and in a checkpoint', () => {
    const intake = new Judged([{ service: 'fraud' }]);
    intake.change(someRollout({ status: 'held', statusSinceMs: START_MS }), 30);
    const written = JSON.parse(JSON.stringify(serializeTelemetry(intake.state))) as object;
    const read = deserializeTelemetry(written as SerializedTelemetry);
    expect(read?.rollouts.get(ROLLOUT)?.excluded).toEqual([{ service: 'fraud', ...BY }]);
    intake.fail(UNITS, 'fraud');
    expect(intake.bad()).toBe(0);
  });

  test('that is excluded is no sign of life of an arm, and yet a use of treatment', () => {
    const intake = new Judged([{ service: 'fraud' }]);
    const { heard } = intake.state.rollouts.get(ROLLOUT) ?? expect.fail('there is no rollout');
    const before = structuredClone(heard);
    intake.nowMs += 5_000;
    const used = activity({ arm: 'treatment', lastAtMs: intake.nowMs });
    const seen = exposure({ arm: 'treatment', atMs: intake.nowMs - 1 });
    intake.report({ instance: 'x', activity: [used], exposures: [seen] }, 'fraud');
    expect(intake.state.rollouts.get(ROLLOUT)?.heard).toEqual(before);
    const uses = intake.state.rollouts.get(ROLLOUT)?.treatmentUse;
    expect(uses?.get(instanceKey('fraud', 'x'))?.atMs).toBe(intake.nowMs);
  });

  test('of OTLP is excluded by its name too', () => {
    const intake = new Judged([{ service: 'edge', instance: 'e-1' }]);
    const told = (instance: string) =>
      intake.add({
        type: 'counted',
        scope: { ...SCOPE, service: 'edge' },
        source: 'otlp',
        items: [],
        sender: { instance, throughMs: intake.nowMs },
        exposures: [exposure({ arm: 'treatment', unit: unitOf(9) })],
        outcomes: [outcome({ unit: unitOf(9) })],
        uses: [{ rollout: ROLLOUT, atMs: intake.nowMs }],
      });
    told('e-1');
    const uses = intake.state.rollouts.get(ROLLOUT)?.treatmentUse;
    expect(uses?.has(senderKey({ service: 'edge', instance: 'e-1' }))).toBe(true);
    expect(intake.bad() ?? 0).toBe(0);
    told('e-2');
    expect(intake.bad()).toBe(1);
  });
});

describe('what is excluded', () => {
  const late = (intake: Judged) => {
    intake.closeThrough(intake.state.rollouts.get(ROLLOUT)?.openBatch ?? 0);
    return intake.state.rollouts.get(ROLLOUT)?.recent.at(-1)?.missing;
  };

  test('is not waited for', () => {
    const intake = new Judged();
    intake.report();
    intake.report({ instance: 'f-1', exposures: [exposure()] }, 'fraud');
    intake.beforeClosing = () => intake.report();
    expect(late(intake)).toEqual(['fraud/f-1']);
    intake.exclude([{ service: 'fraud', instance: 'f-1' }]);
    expect(late(intake)).toEqual([]);
  });

  test('is missed where the flag affects it and nothing else of it reports: silence is not health (invariant 5)', () => {
    const intake = new Judged([], ['payments']);
    const all = () => {
      intake.report();
      intake.report({ instance: 'p-1' }, 'payments');
    };
    all();
    intake.beforeClosing = all;
    expect(late(intake)).toEqual([]);
    intake.exclude([{ service: 'payments' }], ['payments']);
    expect(late(intake)).toEqual(['payments']);
  });
});
