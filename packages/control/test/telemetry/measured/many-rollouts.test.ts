import {
  createTelemetryState,
  deserializeTelemetry,
  foldIntake,
  type IntakeBody,
  serializeTelemetry,
  type SerializedTelemetry,
  type TelemetryState,
} from '@downhaul/control';
import { expect, test } from 'vitest';
import { exposure, outcome, SCOPE, someRollout, START_MS } from '../../support/intake.ts';
import { generator } from '../../support/random.ts';
import { somePlan } from '../../support/world.ts';

const ROLLOUTS = 40;
const REPORTS = 60;
const EXPOSURES = 130;
const GROUP = 10;
const MINUTE_MS = 60_000;

type Row = IntakeBody & { readonly atMs: number };

const idOf = (number: number) => `default/production/f${number}#1`;

function change(number: number, ended: boolean, atMs: number): Row {
  const flag = `f${number}`;
  const position = ended ? 2 : 1;
  const rollout = {
    ...someRollout({ id: idOf(number), flag, plan: somePlan(), version: 1 }),
    ...(ended ? { status: 'ended' as const, statusSinceMs: atMs } : {}),
  };
  return { type: 'rolloutChanged', atMs, change: { position, rollout } };
}

/** Units come again in several rollouts, outcomes before and after them; rollouts begin late and end early. */
function rowsOf(): Row[] {
  const random = generator(5);
  const below = (most: number) => Math.floor(random() * most);
  const rows: Row[] = [];
  for (let number = 0; number < ROLLOUTS - 5; number++) rows.push(change(number, false, START_MS));
  for (let report = 0; report < REPORTS; report++) {
    const sentAtMs = START_MS + (report + 1) * 10_000;
    const unit = () => (below(3_000) + report * 20).toString(16).padStart(16, '0');
    const atMs = () => sentAtMs - below(10_000);
    const exposures = Array.from({ length: EXPOSURES }, () => {
      const number = below(ROLLOUTS);
      const arm = below(4) === 0 ? ('treatment' as const) : ('control' as const);
      const of = { flag: `f${number}`, rollout: idOf(number), version: 1 };
      return exposure({ ...of, arm, unit: unit(), atMs: atMs() });
    });
    const outcomes = [
      ...exposures.slice(0, 40).map((seen) => outcome({ unit: seen.unit, atMs: seen.atMs + 5 })),
      ...Array.from({ length: 40 }, () => outcome({ unit: unit(), atMs: atMs() })),
    ];
    const dropped = { exposures: 0, outcomes: 0 };
    const head = { instance: 'i', sequence: report + 1, sentAtMs, version: 1, dropped };
    rows.push({
      ...{ type: 'report', scope: SCOPE, atMs: sentAtMs },
      report: { ...head, exposures, outcomes, activity: [] },
    });
    if (report === 20) {
      for (let late = ROLLOUTS - 5; late < ROLLOUTS; late++)
        rows.push(change(late, false, sentAtMs));
    }
    if (report === 40) for (const early of [3, 17]) rows.push(change(early, true, sentAtMs));
    if (report % 6 !== 5) continue;
    const batch = (report - 5) / 6;
    for (let number = 0; number < ROLLOUTS; number++) {
      const endMs = START_MS + (batch + 1) * MINUTE_MS;
      rows.push({ type: 'batchClosed', rollout: idOf(number), batch, endMs, atMs: sentAtMs });
    }
  }
  return rows;
}

function fold(rows: readonly Row[], { checkpointAt = -1 } = {}): TelemetryState {
  let state = createTelemetryState();
  for (const [at, row] of rows.entries()) {
    if (at === checkpointAt) state = again(state);
    foldIntake(state, { sequence: at + 1, ...row });
  }
  return state;
}

function again(state: TelemetryState): TelemetryState {
  const text = JSON.stringify(serializeTelemetry(state));
  const read = deserializeTelemetry(JSON.parse(text) as SerializedTelemetry);
  if (read === undefined) expect.fail('the checkpoint was refused');
  return read;
}

/** What is kept of each rollout, as text. */
function textsOf(state: TelemetryState): Map<string, string> {
  const { rollouts } = serializeTelemetry(state);
  return new Map(rollouts.map((each) => [each.id, JSON.stringify(each)]));
}

test('many rollouts of an environment are told what a few of them would be told', () => {
  const rows = rowsOf();
  const together = textsOf(fold(rows));
  expect(together.size).toBe(ROLLOUTS);
  for (let first = 0; first < ROLLOUTS; first += GROUP) {
    const group = new Set(Array.from({ length: GROUP }, (_, at) => idOf(first + at)));
    const own = rows.filter(
      (row) => row.type !== 'rolloutChanged' || group.has(row.change.rollout.id),
    );
    const apart = textsOf(fold(own));
    for (const id of group) expect(together.get(id), id).toBe(apart.get(id));
  }
});

test('and go on from a checkpoint as if they had never stopped', () => {
  const rows = rowsOf();
  const expected = textsOf(fold(rows));
  const checkpointAt = Math.floor(rows.length / 2);
  expect(textsOf(fold(rows, { checkpointAt }))).toEqual(expected);
});
