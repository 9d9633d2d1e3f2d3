import { acceptReport, deserializeTelemetry, serializeTelemetry } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import {
  exposure,
  Intake,
  outcome,
  report,
  ROLLOUT,
  SCOPE,
  someRollout,
  START_MS,
  unitOf,
} from '../support/intake.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const ERRORS = 'http.error_rate@60000';
const FROZEN = {
  nextStageUnits: 1,
  hypotheses: {
    [ERRORS]: {
      baselineRate: 0.01,
      baselineUnits: 1_000,
      baselineUpper: 0.02,
      harmNull: { ratio: 1.05, excess: 0.0005 },
      nonInferiorityNull: { ratio: 1.2, excess: 0.05 },
      harmBound: 1,
    },
  },
};

/** A rollout in its first stage whose batches last a minute; silence is five minutes. */
function running(affects: readonly string[] = []): Intake {
  const intake = new Intake();
  intake.add({
    type: 'rolloutChanged',
    change: { position: 10, rollout: someRollout({ frozen: FROZEN }), affects },
  });
  return intake;
}

/** Closes the next batch fifteen seconds after its end. */
function close(intake: Intake, before: () => void = () => undefined): void {
  const telemetry = intake.state.rollouts.get(ROLLOUT) ?? expect.fail('there is no rollout');
  const batch = telemetry.openBatch;
  const endMs = START_MS + (batch + 1) * MINUTE_MS;
  intake.nowMs = Math.max(intake.nowMs, endMs);
  before();
  intake.nowMs += 15 * SECOND_MS;
  intake.add({ type: 'batchClosed', rollout: ROLLOUT, batch, endMs });
}

function late(intake: Intake): readonly string[] {
  return intake.evidence.late;
}

describe('a batch', () => {
  test('waits for every instance that reports, up to its end', () => {
    const intake = running();
    for (const instance of ['store-1', 'store-2']) intake.report({ instance });
    close(intake, () => {
      intake.report({ instance: 'store-1' });
      intake.report({ instance: 'store-2', sentAtMs: intake.nowMs - 1 });
    });
    expect(late(intake)).toEqual(['storefront/store-2']);
    close(intake, () => {
      for (const instance of ['store-1', 'store-2']) intake.report({ instance });
    });
    expect(late(intake)).toEqual([]);
  });

  test('goes by what a report covers, not by when it was sent', () => {
    const intake = running();
    intake.report();
    close(intake, () => intake.report({ throughMs: intake.nowMs - 1 }));
    expect(late(intake)).toEqual(['storefront/store-1']);
    close(intake, () => intake.report({ throughMs: intake.nowMs }));
    expect(late(intake)).toEqual([]);
  });

  test('takes no word about the time to come', () => {
    const intake = running();
    intake.report({ sentAtMs: START_MS + MINUTE_MS + 900 });
    close(intake);
    expect(late(intake)).toEqual(['storefront/store-1']);
  });

  test('waits for reports that others have overtaken, until they would be lost', () => {
    const intake = running();
    intake.report({ sequence: 1 });
    close(intake, () => intake.report({ sequence: 4 }));
    expect(late(intake)).toEqual(['storefront/store-1']);
    close(intake, () => {
      intake.report({ sequence: 2, sentAtMs: START_MS });
      intake.report({ sequence: 5 });
    });
    expect(late(intake)).toEqual(['storefront/store-1']);
    close(intake, () => {
      intake.report({ sequence: 3, sentAtMs: START_MS });
      intake.report({ sequence: 6 });
    });
    expect(late(intake)).toEqual([]);
    for (let batch = 0; batch < 4; batch++) {
      close(intake, () => intake.report({ sequence: 8 + batch }));
      expect(late(intake)).toEqual(['storefront/store-1']);
    }
    for (let batch = 0; batch < 2; batch++) {
      close(intake, () => intake.report({ sequence: 12 + batch }));
    }
    expect(late(intake)).toEqual([]);
  });

  test.each([
    ['said goodbye', 'goodbye', []],
    ['was declared gone by a person', 'operator', []],
    ['is there', 'there', ['storefront/store-2']],
  ])('waits accordingly for an instance that %s', (_, what, expected) => {
    const intake = running();
    for (const instance of ['store-1', 'store-2']) intake.report({ instance });
    const place = { project: SCOPE.project, environment: SCOPE.environment };
    const goodbye = { instance: 'store-2', lastSequence: 1 };
    if (what === 'goodbye') intake.add({ type: 'goodbye', scope: SCOPE, goodbye });
    if (what === 'operator') {
      intake.add({ type: 'instanceLeft', ...place, instance: 'store-2', why: 'operator' });
    }
    close(intake, () => intake.report({ instance: 'store-1' }));
    expect(late(intake)).toEqual(expected);
  });

  test('waits for one that acknowledged and has not reported yet, not for one that never will', () => {
    const intake = running();
    intake.acknowledge('store-1', 10);
    intake.acknowledge('store-2', 10, false);
    const contact = { scope: SCOPE, contact: 'polled', version: 10 } as const;
    intake.add({ type: 'contact', ...contact, instance: 'browser-1' });
    close(intake);
    expect(late(intake)).toEqual(['storefront/store-1']);
  });

  test('does not wait for what began after it', () => {
    const intake = running();
    intake.report();
    close(intake, () => {
      intake.report();
      intake.nowMs += 1;
      intake.acknowledge('store-2', 10);
    });
    expect(late(intake)).toEqual([]);
  });
});

describe('silence', () => {
  /** The batch, counted from the first without a word of `store-2`, that waits for it no more. */
  function waitedFor(intake: Intake): number {
    for (let batch = 0; batch < 20; batch++) {
      close(intake, () => intake.report({ instance: 'store-1' }));
      if (late(intake).length === 0) return batch;
    }
    return Infinity;
  }

  test('of five batches makes an instance lost, and nobody waits for it', () => {
    const intake = running();
    for (const instance of ['store-1', 'store-2']) intake.report({ instance });
    expect(waitedFor(intake)).toBe(4);
    expect(intake.evidence.lostInstances.names).toEqual(['store-2']);
    intake.acknowledge('store-2', 11);
    close(intake, () => intake.report({ instance: 'store-1' }));
    expect(late(intake)).toEqual(['storefront/store-2']);
  });

  test('of three report intervals does, where those take longer', () => {
    const intake = new Intake({ reportIntervalMs: 3 * MINUTE_MS });
    intake.change(someRollout());
    for (const instance of ['store-1', 'store-2']) intake.report({ instance });
    expect(waitedFor(intake)).toBe(8);
  });

  test('is none while a stream is open', () => {
    const intake = running();
    for (const instance of ['store-1', 'store-2']) intake.report({ instance });
    const contact = { scope: SCOPE, instance: 'store-2', version: 10 } as const;
    intake.add({ type: 'contact', ...contact, contact: 'streamOpened' });
    expect(waitedFor(intake)).toBe(Infinity);
    expect(intake.evidence.lostInstances.names).toEqual([]);
    intake.add({ type: 'contact', ...contact, contact: 'streamClosed' });
    // Closed after the end of a batch, so the fifth without a word ends too soon.
    expect(waitedFor(intake)).toBe(5);
  });

  test('is measured at the end of the batch, however late it is closed', () => {
    const intake = running();
    intake.report();
    intake.nowMs += 30 * MINUTE_MS;
    for (let batch = 0; batch < 4; batch++) {
      close(intake);
      expect(late(intake)).toEqual(['storefront/store-1']);
    }
    close(intake);
    const last = intake.state.rollouts.get(ROLLOUT)?.recent.at(-1);
    expect(last).toMatchObject({ missing: [], complete: false });
  });
});

describe('a service', () => {
  test('that the flag affects is missing without an instance that reports', () => {
    const intake = running(['storefront', 'payments']);
    intake.report();
    close(intake, () => intake.report());
    expect(late(intake)).toEqual(['payments']);
    intake.acknowledge('pay-1', 10, true, 'payments');
    const pays = () => {
      intake.report();
      intake.report({ instance: 'pay-1' }, 'payments');
    };
    pays();
    close(intake, pays);
    expect(late(intake)).toEqual([]);
  });

  test('whose clients cannot report is not waited for', () => {
    const intake = running(['storefront', 'web']);
    intake.add({
      type: 'contact',
      scope: { ...SCOPE, service: 'web' },
      instance: 'ephemeral:browser',
      contact: 'polled',
      version: 10,
    });
    intake.report();
    close(intake, () => intake.report());
    expect(late(intake)).toEqual([]);
  });

  test('that told of the baseline is missing when all of it is gone, even by goodbye', () => {
    const intake = new Intake();
    const measuring = { status: 'measuring', stage: -1 } as const;
    intake.change(someRollout({ ...measuring, allocations: [{ sharePerMillion: 0 }] }));
    intake.report({ exposures: [exposure({ stage: -1 })] });
    intake.report({ instance: 'pay-1', outcomes: [outcome()] }, 'payments');
    intake.report({ instance: 'job-1' }, 'jobs');
    for (const [service, instance] of [
      ['payments', 'pay-1'],
      ['jobs', 'job-1'],
    ] as const) {
      const scope = { ...SCOPE, service };
      intake.add({ type: 'goodbye', scope, goodbye: { instance, lastSequence: 1 } });
    }
    close(intake, () => intake.report());
    expect(late(intake)).toEqual(['payments']);
  });

  test('is heard of again when the flag affects another', () => {
    const intake = running(['payments']);
    intake.report();
    close(intake, () => intake.report());
    expect(late(intake)).toEqual(['payments']);
    intake.add({
      type: 'rolloutChanged',
      change: { position: 11, rollout: someRollout({ frozen: FROZEN }), affects: ['storefront'] },
    });
    close(intake, () => intake.report());
    expect(late(intake)).toEqual([]);
  });
});

describe('units of an incomplete batch', () => {
  /** 4,000 units of both arms, a few bad in each, and one batch that is complete or not. */
  function judged(complete: boolean, badTreated = 10) {
    const intake = running();
    const units = Array.from({ length: 4_000 }, (_, index) => index);
    intake.acknowledge('pay-1', 10);
    intake.report({
      exposures: units.map((unit) =>
        exposure({ unit: unitOf(unit), arm: unit % 4 === 0 ? 'treatment' : 'control' }),
      ),
      outcomes: units
        .filter((unit) => (unit % 4 === 0 ? unit < 4 * badTreated : unit < 40))
        .map((unit) => outcome({ unit: unitOf(unit) })),
    });
    close(intake, () => {
      intake.report();
      if (complete) intake.report({ instance: 'pay-1' });
    });
    return intake.evidence.assessment;
  }

  test('count for no step up, now or later', () => {
    expect(judged(true).nonInferiority[0]).toMatchObject({ passed: true });
    expect(judged(false).nonInferiority[0]).toMatchObject({ passed: false });
    expect(judged(false).nonInferiority[0]?.logE).toBeCloseTo(0, 12);
  });

  test('count for harm at once (invariant 4)', () => {
    expect(judged(false, 200).harm).toEqual(judged(true, 200).harm);
    expect(judged(false, 200).harm.harmful).toBe(true);
  });
});

describe('late outcomes', () => {
  /** A hundred units with an outcome each, of which so many come after their unit was counted. */
  function withLate(count: number, complete = true): Intake {
    const intake = running();
    const units = Array.from({ length: 100 }, (_, index) => unitOf(index));
    if (!complete) intake.acknowledge('pay-1', 10);
    intake.report({
      exposures: units.map((unit) => exposure({ unit })),
      outcomes: units.slice(count).map((unit) => outcome({ unit })),
    });
    close(intake, () => intake.report());
    intake.report({ outcomes: units.slice(0, count).map((unit) => outcome({ unit })) });
    return intake;
  }

  test('are a share of the stage', () => {
    expect(withLate(0).evidence.lateShare).toBe(0);
    expect(withLate(7).evidence).toMatchObject({ lateShare: 0.07, late: [] });
    expect(withLate(7).evidence.dropped.lateOutcomes).toBe(7);
  });

  test('of a batch that was known to be incomplete take nothing back', () => {
    const { lateShare, late: missing, dropped } = withLate(7, false).evidence;
    expect({ lateShare, missing }).toEqual({ lateShare: 0, missing: ['storefront/pay-1'] });
    expect(dropped.lateOutcomes).toBe(7);
  });

  test('are not those of a time in which nothing was judged', () => {
    const intake = withLate(0);
    const atMs = START_MS + 2 * MINUTE_MS;
    intake.report({ outcomes: [outcome({ unit: unitOf(1), atMs })] });
    expect(intake.evidence.lateShare).toBe(0);
  });

  test('are counted whichever of exposure and outcome arrived first', () => {
    const shares = [true, false].map((first) => {
      const intake = running();
      const tellOutcomes = () =>
        intake.report({ outcomes: [outcome(), outcome({ unit: unitOf(2) })] });
      if (first) tellOutcomes();
      intake.report({ exposures: [exposure(), exposure({ unit: unitOf(2) })] });
      if (!first) tellOutcomes();
      close(intake, () => intake.report());
      intake.report({ outcomes: [outcome()] });
      return intake.evidence.lateShare;
    });
    expect(shares).toEqual([1 / 3, 1 / 3]);
  });
});

describe('the clock of an instance', () => {
  /** Sends a report through the server's door: what is corrected, and when it says it was sent. */
  function send(intake: Intake, sequence: number, sentAtMs: number) {
    const sent = report({ sequence, sentAtMs });
    const receivedAtMs = intake.nowMs;
    const taken = acceptReport(intake.state, { scope: SCOPE, report: sent, receivedAtMs });
    if (!taken.ok) expect.fail(taken.message);
    const { report: stored, clockCorrectionMs } = taken;
    intake.add({ type: 'report', scope: SCOPE, report: stored, clockCorrectionMs });
    return clockCorrectionMs;
  }

  test('is told from delay by the report that was delayed least', () => {
    const intake = running();
    const behindMs = 40 * SECOND_MS;
    expect(send(intake, 1, intake.nowMs - behindMs - 300)).toBe(behindMs + 300);
    expect(send(intake, 2, intake.nowMs - behindMs)).toBe(behindMs);
    intake.nowMs += MINUTE_MS;
    expect(send(intake, 3, intake.nowMs - behindMs - 20 * SECOND_MS)).toBe(behindMs);
  });

  test('is told by acknowledgements too', () => {
    const intake = running();
    intake.acknowledge('store-1', 10);
    expect(send(intake, 1, intake.nowMs - 20 * SECOND_MS)).toBe(0);
  });

  test('is learnt anew after an hour, and at once when it was set', () => {
    const intake = running();
    send(intake, 1, intake.nowMs);
    const behindMs = 20 * SECOND_MS;
    let sequence = 2;
    const corrections = Array.from({ length: 7 }, () => {
      intake.nowMs += 10 * MINUTE_MS;
      return send(intake, sequence++, intake.nowMs - behindMs);
    });
    expect(corrections).toEqual([0, 0, 0, 0, 0, 0, behindMs]);
    expect(send(intake, sequence, intake.nowMs - 10 * MINUTE_MS)).toBe(10 * MINUTE_MS);
  });
});

test('what is awaited survives a checkpoint', () => {
  const intake = running(['storefront', 'payments']);
  intake.report({ sequence: 1 });
  close(intake, () => intake.report({ sequence: 3 }));
  const written = JSON.stringify(serializeTelemetry(intake.state));
  const restored = deserializeTelemetry(JSON.parse(written) as never);
  expect(JSON.stringify(restored && serializeTelemetry(restored))).toBe(written);
  expect(late(intake)).toEqual(['payments', 'storefront/store-1']);
});
