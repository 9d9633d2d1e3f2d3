import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandBody, readFlagDocument, readPlanDocument } from '@downhaul/control';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readOptions } from '../../src/config/read-options.ts';
import { createApp } from '../../src/http/app.ts';
import type { ServerContext } from '../../src/http/context.ts';
import { randomIds } from '../../src/ids/ids.ts';
import { closeBatches } from '../../src/loops/close-batches.ts';
import { createController } from '../../src/loops/controller.ts';
import { openParts } from '../../src/parts.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-store.ts';
import { checkoutFlag, unguardedPlan } from '../support/documents.ts';

let directory: string;
let context: ServerContext;
let timeMs = 1_000;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'downhaul-loops-'));
  const clock = { nowMs: () => timeMs };
  const store = openSqliteStore(join(directory, 'downhaul.db'), clock);
  const logger = createApp({ logLevel: 'silent', ids: randomIds }).log;
  context = await openParts({ options: readOptions({}), store, clock, ids: randomIds, logger });
  context.metrics.declare('downhaul_loop_failures_total', 'counter', 'Rounds that failed.');
  await run({ type: 'createProject', key: 'default' });
  const environment = { key: 'production', owner: 'o', order: 1, unitSalt: 's' };
  await run({ type: 'createEnvironment', ...environment });
});
afterEach(async () => {
  await context.intake.close();
  await context.store.close();
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
  const plan = readPlanDocument(unguardedPlan());
  if (!definition.ok || !plan.ok) throw new Error('the documents are broken');
  await run({ type: 'putFlag', definition: definition.value });
  const environment = 'production';
  await run({ type: 'startRollout', flag, environment, plan: plan.value, to: 'on' });
}

it('one rollout that throws does not keep the others waiting', async () => {
  await start('broken');
  await start('sound');
  const { rollouts } = context.intake.state;
  await context.intake.flush();
  const get = rollouts.get.bind(rollouts);
  rollouts.get = (id) => {
    if (id.includes('broken')) throw new Error('there is no judge for this one');
    return get(id);
  };
  timeMs += 3_600_000;
  await createController(context).look();
  const flags = context.log.state.projects.get('default')?.flags;
  const stageOf = (flag: string) => flags?.get(flag)?.environments['production']?.rollout?.stage;
  expect(stageOf('broken')).toBe(0);
  expect(stageOf('sound')).toBe(1);
  expect(context.metrics.expose()).toContain('downhaul_loop_failures_total{loop="rollout"} 1');
});

it('closes a batch once, however often it looks', async () => {
  await start('sound');
  timeMs += 10 * 60_000;
  await closeBatches(context);
  const { throughSequence, rollouts } = context.intake.state;
  expect([...rollouts.values()][0]?.closedBatches).toBeGreaterThan(5);
  await closeBatches(context);
  expect(context.intake.state.throughSequence).toBe(throughSequence);
});
