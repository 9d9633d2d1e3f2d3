import { compile, type Snapshot } from '@downhaul/engine';
import { buildSnapshot } from '@downhaul/control';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sameJson } from '../../src/document/same-json.ts';
import { isRaised } from '../../src/rollout/transitions.ts';
import {
  anyStep,
  ENVIRONMENTS,
  FLAGS,
  SEGMENTS,
  sentOf,
  type Step,
} from '../support/random-documents.ts';
import { quickPlan, someFlag, startedWorld, type World } from '../support/world.ts';

/** Users whom no condition of the random documents names: it names the tenants x, y and z. */
const ORDINARY = Array.from({ length: 60 }, (_, index) => ({
  targetingKey: `user-${index}`,
  ...(index % 2 === 0 ? { tenant: `tenant-${index}` } : {}),
}));

function begun(): World {
  const world = startedWorld();
  for (const key of SEGMENTS) {
    const tenants = { attribute: 'tenant', in: ['x'] } as const;
    world.accept({ type: 'putSegment', key, owner: 'team', if: tenants });
  }
  for (const key of FLAGS) {
    const here = { serve: 'off', rules: [] };
    const variants = { on: 'on', off: 'off', grün: 'grün' };
    const environments = { production: here, staging: here };
    const definition = someFlag({ key, type: 'string', variants, environments });
    world.accept({ type: 'putFlag', definition });
    world.accept({
      type: 'startRollout',
      flag: key,
      environment: 'production',
      plan: quickPlan({ stages: [500_000, 900_000].map(stageAt) }),
      to: 'on',
    });
  }
  return world;
}

function stageAt(sharePerMillion: number) {
  return { allocations: [{ sharePerMillion }], bakeMs: 0, minimumSample: 0 };
}

function snapshotOf(world: World, environment: string): Snapshot {
  const place = { project: 'default', environment };
  return buildSnapshot(world.state, place, { pages: () => undefined })!;
}

/** What the ordinary users get, by flag, and whether it is by the treatment of its rollout. */
function servedIn(snapshot: Snapshot) {
  const evaluator = compile(snapshot);
  return new Map(
    Object.values(snapshot.flags).map((flag) => [
      flag.key,
      {
        safe: flag.variants[flag.safe],
        results: ORDINARY.map((user) => evaluator.evaluate(flag.key, user)),
      },
    ]),
  );
}

function take(world: World, step: Step, isAsked: boolean): 'refused' | 'accepted' | 'lowered' {
  const sent = sentOf(world, step);
  if (sent === undefined) return 'refused';
  const isDocument = sent.type === 'putFlag' || sent.type === 'putSegment';
  const command = isDocument && !isAsked ? { ...sent, atOnce: false } : sent;
  const before = new Map(ENVIRONMENTS.map((each) => [each, servedIn(snapshotOf(world, each))]));
  const from = world.log.length;
  if (!world.send(command).ok) return 'refused';
  // The rollouts that a document starts are steps of their own.
  const starts = world.log.slice(from).some(({ body }) => body.type === 'rolloutStarted');
  if (!isDocument || starts) return 'accepted';
  let lowered = false;
  for (const environment of ENVIRONMENTS) {
    const after = servedIn(snapshotOf(world, environment));
    for (const [flag, { safe, results }] of before.get(environment)!) {
      const now = after.get(flag);
      ORDINARY.forEach((user, index) => {
        const had = results[index]!;
        const gets = now?.results[index]?.value;
        if (sameJson(had.value, gets)) return;
        const isRaise = now !== undefined && !sameJson(gets, safe);
        if (isRaise && !isAsked)
          expect.fail(`${flag} raises ${JSON.stringify({ sent, user, gets })}`);
        if (isRaise || had.exposure?.arm !== 'treatment') return;
        lowered = true;
        expect([flag, isRaised(world.rollout(flag, environment))]).toEqual([flag, false]);
      });
    }
  }
  return lowered ? 'lowered' : 'accepted';
}

test('no document raises an ordinary user unasked, and none takes treatment from a rollout that goes on', () => {
  const seen = { refused: 0, accepted: 0, lowered: 0 };
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyStep, fc.boolean()), { minLength: 40, maxLength: 40 }),
      (steps) => {
        const world = begun();
        for (const [step, isAsked] of steps) seen[take(world, step, isAsked)]++;
      },
    ),
    { numRuns: 60, seed: 71401, endOnFailure: true },
  );
  expect(seen.accepted).toBeGreaterThan(300);
  expect(seen.lowered).toBeGreaterThan(10);
}, 60_000);
