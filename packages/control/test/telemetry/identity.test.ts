import {
  acceptReport,
  createTelemetryState,
  deserializeTelemetry,
  foldIntake,
  instanceKey,
  type IntakeBody,
  type SerializedTelemetry,
  serializeTelemetry,
  type TelemetryState,
} from '@downhaul/control';
import type { TelemetryReport } from '@downhaul/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  activity,
  Intake,
  report,
  ROLLOUT,
  SCOPE,
  someRollout,
  START_MS,
} from '../support/intake.ts';

const PLACE = { project: 'default', environment: 'production' };
const FRAUD = { ...SCOPE, service: 'fraud' };

function instance({ state }: Pick<Intake, 'state'>, id: string, service = SCOPE.service) {
  const found = state.environments
    .get('default/production')
    ?.instances.get(instanceKey(service, id));
  return found ?? expect.fail(`there is no ${service}/${id}`);
}

describe('another service', () => {
  test('says nothing of an instance by using its name', () => {
    const intake = new Intake();
    intake.acknowledge('store-1', 10);
    intake.report();
    const before = structuredClone(instance(intake, 'store-1'));
    intake.acknowledge('store-1', 99, true, 'fraud');
    intake.report({ sequence: 900, version: 99 }, 'fraud');
    intake.add({
      type: 'contact',
      scope: FRAUD,
      instance: 'store-1',
      contact: 'polled',
      version: 99,
    });
    const goodbye = { instance: 'store-1', lastSequence: 900 };
    intake.add({ type: 'goodbye', scope: FRAUD, goodbye });
    expect(instance(intake, 'store-1')).toEqual(before);
    expect(instance(intake, 'store-1', 'fraud').left?.why).toBe('goodbye');
  });

  test('takes no name that reads like another together with its service', () => {
    const intake = new Intake();
    intake.report({ instance: 'c' }, 'a/b');
    intake.report({ instance: 'b/c' }, 'a');
    expect(instance(intake, 'c', 'a/b')).not.toBe(instance(intake, 'b/c', 'a'));
  });
});

describe('a renewed token', () => {
  test('of the same service continues its instance, though the old one closes its stream later', () => {
    const intake = new Intake();
    const stream = (token: string, contact: 'streamOpened' | 'streamClosed') =>
      intake.add({
        type: 'contact',
        scope: { ...SCOPE, token },
        instance: 'store-1',
        contact,
        version: 10,
      });
    stream('old', 'streamOpened');
    stream('new', 'streamOpened');
    stream('old', 'streamClosed');
    expect(instance(intake, 'store-1').token).toBe('new');
    expect(intake.state.environments.get('default/production')?.instances.size).toBe(1);
  });

  test('that is retired takes along whoever last spoke with it, and nobody else', () => {
    const intake = new Intake();
    const speak = (name: string, token: string) =>
      intake.add({
        type: 'contact',
        scope: { ...SCOPE, token },
        instance: name,
        contact: 'polled',
        version: 10,
      });
    speak('moved', 'old');
    speak('moved', 'new');
    speak('left', 'old');
    intake.acknowledge('unknown', 10);
    intake.add({ type: 'tokenRetired', ...PLACE, token: 'old' });
    expect(instance(intake, 'left').left).toEqual({ why: 'operator', atMs: START_MS });
    expect(instance(intake, 'moved').left).toBeUndefined();
    expect(instance(intake, 'unknown').left).toBeUndefined();
  });
});

/** Reports as the server takes them: accepted against the state, kept once per run and number. */
class Door {
  readonly intake = new Intake();
  readonly kept = new Set<string>();

  send(change: Partial<TelemetryReport>): 'taken' | 'repeated' {
    const { intake } = this;
    const made = report({ sentAtMs: intake.nowMs, throughMs: intake.nowMs, ...change });
    const taken = acceptReport(intake.state, {
      scope: SCOPE,
      report: made,
      receivedAtMs: intake.nowMs,
    });
    if (!taken.ok) return expect.fail(taken.message);
    const key = `${taken.run} ${made.instance} ${made.sequence}`;
    if (this.kept.has(key)) return 'repeated';
    this.kept.add(key);
    const run = taken.run > 0 ? { run: taken.run } : {};
    intake.add({ type: 'report', scope: SCOPE, report: taken.report, ...run });
    return 'taken';
  }
}

describe('the numbers of an instance', () => {
  test.each([1_000_000_000_000, 500_000, 5_000])(
    'recover from one report with the number %i that somebody made up',
    (sequence) => {
      const door = new Door();
      door.send({ sequence: 1 });
      door.intake.nowMs += 10_000;
      door.send({ sequence });
      for (let next = 2; next < 6; next++) {
        door.intake.nowMs += 10_001;
        expect(door.send({ sequence: next })).toBe('taken');
        expect(door.send({ sequence: next, throughMs: door.intake.nowMs })).toBe('repeated');
      }
      const { lastSequence, gaps, acknowledged } = instance(door.intake, 'store-1');
      expect({ lastSequence, gaps }).toEqual({ lastSequence: 5, gaps: [] });
      expect(acknowledged.at(-1)?.reports).toBeGreaterThanOrEqual(2);
    },
  );

  test('begin anew when a process restarts under the same name', () => {
    const door = new Door();
    for (const sequence of [1, 2, 3]) {
      door.send({ sequence });
      door.intake.nowMs += 10_000;
    }
    const goodbye = { instance: 'store-1', lastSequence: 3 };
    door.intake.add({ type: 'goodbye', scope: SCOPE, goodbye });
    door.intake.nowMs += 5_000;
    for (const sequence of [1, 2, 3, 4]) {
      expect(door.send({ sequence, version: 11 })).toBe('taken');
      door.intake.nowMs += 10_000;
    }
    expect(instance(door.intake, 'store-1')).toMatchObject({ lastSequence: 4, reportsReceived: 7 });
    expect(instance(door.intake, 'store-1').left).toBeUndefined();
    expect(instance(door.intake, 'store-1').acknowledged.map(({ version }) => version)).toEqual([
      11,
    ]);
  });

  test('leave reports of the process before a restart where they were', () => {
    const door = new Door();
    const overtakenMs = door.intake.nowMs + 10_000;
    door.send({ sequence: 1 });
    door.intake.nowMs += 60_000;
    expect(door.send({ sequence: 1 })).toBe('taken');
    expect(door.send({ sequence: 2, throughMs: overtakenMs - 10_000 })).toBe('taken');
    expect(instance(door.intake, 'store-1')).toMatchObject({ run: 1, lastSequence: 1, gaps: [] });
  });

  test('count each report of one process once, in any order and however often it is repeated', () => {
    const deliveries = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(deliveries, (sequences) => {
        const door = new Door();
        door.intake.nowMs += 500_000;
        for (const sequence of sequences) {
          door.send({ sequence, throughMs: START_MS + sequence * 10_000 });
        }
        const { reportsReceived, run = 0 } = instance(door.intake, 'store-1');
        expect({ reportsReceived, run }).toEqual({
          reportsReceived: new Set(sequences).size,
          run: 0,
        });
      }),
      { numRuns: 200, seed: 9 },
    );
  });

  test('beyond a trillion are no numbers of reports', () => {
    for (const sequence of [Number.MAX_SAFE_INTEGER, 1_000_000_000_001]) {
      const taken = acceptReport(createTelemetryState(), {
        scope: SCOPE,
        report: report({ sequence }),
        receivedAtMs: START_MS,
      });
      expect(taken).toMatchObject({ ok: false, path: '/sequence' });
    }
  });
});

describe('what an earlier release stored', () => {
  test('of names that left says it of every service’s instance of that name', () => {
    const intake = new Intake();
    intake.acknowledge('pod-1', 10);
    intake.acknowledge('pod-1', 10, true, 'fraud');
    intake.add({ type: 'instanceLeft', ...PLACE, instance: 'pod-1', why: 'operator' });
    expect(instance(intake, 'pod-1').left?.why).toBe('operator');
    expect(instance(intake, 'pod-1', 'fraud').left?.why).toBe('operator');
  });

  test('of uses by name belongs to whoever has the name, and folds on', () => {
    const intake = new Intake();
    intake.change(someRollout());
    intake.acknowledge('store-1', 10);
    intake.acknowledge('store-2', 10);
    intake.report({ activity: [activity({ arm: 'treatment', lastAtMs: START_MS })] });
    const old = asFormat8(intake.state, [['store-1', { atMs: START_MS, sequence: 1 }]]);
    const restored = deserializeTelemetry(old) ?? expect.fail('a checkpoint of format 8 is read');
    expect([...restored.rollouts.values()][0]?.treatmentUse).toEqual(
      new Map([[instanceKey('storefront', 'store-1'), { atMs: START_MS, sequence: 1 }]]),
    );
    const later: IntakeBody = {
      type: 'report',
      scope: SCOPE,
      report: report({ sequence: 2, sentAtMs: START_MS }),
    };
    foldIntake(restored, { sequence: intake.rows.length + 1, atMs: START_MS, ...later });
    expect(instance({ state: restored }, 'store-1').reportsReceived).toBe(2);
    expect(restored.environments.get('default/production')?.instances.size).toBe(2);
  });
});

/** The same state as the release before wrote it: uses of treatment by name. */
function asFormat8(
  state: TelemetryState,
  treatmentUse: readonly (readonly [string, { atMs: number; sequence: number }])[],
): SerializedTelemetry {
  const written = JSON.parse(JSON.stringify(serializeTelemetry(state))) as SerializedTelemetry;
  const rollouts = written.rollouts.map((each) =>
    each.id === ROLLOUT ? { ...each, treatmentUse } : each,
  );
  return { ...written, formatVersion: 8, rollouts };
}

test('an environment forgets those that said goodbye when names without end come and go', () => {
  const intake = new Intake();
  const goodbye = (name: string) =>
    intake.add({
      type: 'goodbye',
      scope: SCOPE,
      goodbye: { instance: name, lastSequence: 0 },
    });
  intake.acknowledge('lives', 10);
  intake.acknowledge('lost', 10);
  intake.add({ type: 'instanceLeft', ...PLACE, instance: 'lost', why: 'presumed' });
  for (let index = 0; index < 55_000; index++) {
    intake.acknowledge(`n-${index}`, 10);
    goodbye(`n-${index}`);
  }
  const known = intake.state.environments.get('default/production')?.instances;
  expect(known?.size).toBeLessThan(51_001);
  expect(instance(intake, 'lives').left).toBeUndefined();
  expect(instance(intake, 'lost').left?.why).toBe('presumed');
  expect(instance(intake, 'n-54999').left?.why).toBe('goodbye');
});
