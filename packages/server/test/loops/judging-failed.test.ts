import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CommandBody,
  faultOf,
  type FlagEnvironmentState,
  readFlagDocument,
  readPlanDocument,
} from '@downhaul/control';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOptions } from '../../src/config/read-options.ts';
import { createApp } from '../../src/http/app.ts';
import type { ServerContext } from '../../src/http/context.ts';
import { randomIds } from '../../src/ids/ids.ts';
import { closeBatches } from '../../src/loops/close-batches.ts';
import { createController } from '../../src/loops/controller.ts';
import { openParts } from '../../src/parts.ts';
import { viewRollout } from '../../src/rollout/view-rollout.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-store.ts';
import { canaryPlan, checkoutFlag } from '../support/documents.ts';

const PLACE = { project: 'default', environment: 'production' };
/** Figures that no judge takes, for whatever reason: there is no ratio below 0. */
const BROKEN = {
  nextStageUnits: 10,
  hypotheses: {
    'http.error_rate@1000': {
      baselineRate: 0.01,
      baselineUnits: 1_000,
      baselineUpper: 0.02,
      harmNull: { ratio: -1, excess: 0 },
      nonInferiorityNull: { ratio: 1, excess: 0 },
      harmBound: 1,
    },
  },
};

let directory: string;
let context: ServerContext;
let timeMs = 1_000;

async function open(): Promise<void> {
  const clock = { nowMs: () => timeMs };
  const store = openSqliteStore(join(directory, 'downhaul.db'), clock);
  const logger = createApp({ logLevel: 'silent', ids: randomIds }).log;
  context = await openParts({ options: readOptions({}), store, clock, ids: randomIds, logger });
  context.metrics.declare('downhaul_loop_failures_total', 'counter', 'Rounds that failed.');
}

async function close(): Promise<void> {
  await context.intake.close();
  await context.store.close();
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'downhaul-judging-'));
  await open();
  await run({ type: 'createProject', key: 'default' });
  const environment = { key: 'production', owner: 'o', order: 1, unitSalt: 's' };
  await run({ type: 'createEnvironment', ...environment });
  for (const flag of ['broken', 'sound']) await start(flag);
});
afterEach(async () => {
  await close();
  rmSync(directory, { recursive: true });
});

async function run(body: CommandBody): Promise<void> {
  const key = randomIds.uuid();
  const actor = { kind: 'person', id: 'p' } as const;
  const envelope = { project: 'default', actor, correlationId: key, idempotencyKey: key };
  const outcome = await context.log.execute({ ...envelope, ...body }, { commandHash: key });
  expect(outcome).toMatchObject({ kind: 'done' });
}

async function start(flag: string): Promise<void> {
  const environments = { production: { serve: 'off' } };
  const definition = readFlagDocument(checkoutFlag({ flag, environments }));
  const plan = readPlanDocument(canaryPlan());
  if (!definition.ok || !plan.ok) throw new Error('the documents are broken');
  await run({ type: 'putFlag', definition: definition.value });
  await run({ type: 'startRollout', flag, environment: 'production', plan: plan.value, to: 'on' });
}

const here = (flag: string): FlagEnvironmentState =>
  context.log.state.projects.get('default')?.flags.get(flag)?.environments['production'] ??
  expect.fail(`${flag} is not there`);
const rolloutOf = (flag: string) => here(flag).rollout ?? expect.fail('there is no rollout');

const advance = (
  flag: string,
  figures: typeof BROKEN | { nextStageUnits: 1; hypotheses: object },
) =>
  run({
    type: 'advanceRollout',
    flag,
    environment: 'production',
    figures: figures as typeof BROKEN,
  });

describe('a rollout that cannot be judged', () => {
  it('is rolled back once, with its own cause, and the others go on', async () => {
    await advance('broken', BROKEN);
    await advance('sound', { nextStageUnits: 1, hypotheses: {} });
    await context.intake.flush();
    timeMs += 1_000;
    const controller = createController(context);
    await controller.look();
    expect(rolloutOf('broken')).toMatchObject({
      status: 'rolledBack',
      cause: { code: 'judging_failed' },
    });
    expect(rolloutOf('sound')).toMatchObject({ status: 'running', stage: 0 });
    expect(context.metrics.expose()).toContain('downhaul_intake_rows_unfoldable_total 1');
    const { position } = context.log.state;
    timeMs += 10_000;
    await controller.look();
    await controller.look();
    expect(rolloutOf('broken').version).toBeLessThanOrEqual(position);
    const types = (await context.store.readLog({ after: 0, limit: 100 })).map(
      ({ body }) => (JSON.parse(body) as { type: string }).type,
    );
    expect(types.filter((type) => type === 'rolloutRolledBack')).toHaveLength(1);
  });

  it('says so to whoever watches it', async () => {
    await advance('broken', BROKEN);
    await context.intake.flush();
    const view = viewRollout(
      context,
      { ...PLACE, flag: 'broken' },
      { here: here('broken'), settledThrough: context.intake.state.throughSequence },
    );
    expect(view.sentences[0]).toContain('cannot be judged');
    expect(view.step).toMatchObject({ name: 'fault' });
  });

  it('is the same after a restart, from a checkpoint as from the rows (invariant 8)', async () => {
    await advance('broken', BROKEN);
    await context.intake.flush();
    timeMs += 60_000;
    await closeBatches(context);
    const { id } = rolloutOf('broken');
    const fault = faultOf(context.intake.state, id);
    expect(fault?.rows).toBeGreaterThan(0);
    await close();
    await open();
    expect(faultOf(context.intake.state, id)).toEqual(fault);
    await context.intake.writeCheckpoint();
    await close();
    await open();
    expect(faultOf(context.intake.state, id)).toEqual(fault);
    context.metrics.declare('downhaul_decisions_total', 'counter', 'Decisions.');
    await createController(context).look();
    expect(rolloutOf('broken')).toMatchObject({ status: 'rolledBack' });
    expect(rolloutOf('sound')).not.toMatchObject({ status: 'rolledBack' });
  });

  it('is rolled back too where its evidence cannot be reckoned with', async () => {
    await advance('broken', { nextStageUnits: 1, hypotheses: {} });
    await context.intake.flush();
    const telemetry = context.intake.state.rollouts.get(rolloutOf('broken').id);
    if (telemetry === undefined) expect.fail('it is not known');
    Object.assign(telemetry, { recent: null, heard: null });
    await createController(context).look();
    expect(rolloutOf('broken')).toMatchObject({
      status: 'rolledBack',
      cause: { code: 'judging_failed' },
    });
  });
});
