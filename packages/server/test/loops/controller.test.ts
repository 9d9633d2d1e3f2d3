import { afterEach, describe, expect, it } from 'vitest';
import { canaryPlan } from '../support/documents.ts';
import { startTestServer, type TestServer, until } from '../support/server.ts';
import { FLAG, issue, must, putCheckout } from '../support/setup.ts';
import { apiOf } from '../support/server.ts';
import { createTraffic, type Traffic } from '../support/traffic.ts';

/** A second of the server's time, in which a batch goes by. */
const STEP_MS = 1_000;

describe('the controller', () => {
  let server: TestServer;
  let traffic: Traffic;
  let timeMs: number;
  let token: string;
  const clock = { nowMs: () => timeMs };

  const begin = async (plan: object): Promise<void> => {
    timeMs = Date.UTC(2026, 10, 20);
    server = await startTestServer({ reportInterval: 1_000 }, { clock });
    await putCheckout(server.api, plan);
    ({ token } = await issue(server, { kind: 'sdk', service: 'storefront' }));
    traffic = createTraffic(apiOf(server.url, token), clock.nowMs);
    await must(server.api('POST', `${FLAG}/rollout/start`));
  };
  afterEach(() => server.dispose());

  const view = async () => (await must(server.api('GET', `${FLAG}/rollout`))).body;

  /** Lets time go by until the condition holds, with traffic in every second. */
  const live = async (
    holds: (now: Awaited<ReturnType<typeof view>>) => boolean,
    bad: { readonly control: number; readonly treatment: number } | 'silence',
    limitSeconds = 60,
  ) => {
    for (let second = 0; second < limitSeconds; second++) {
      const now = await view();
      if (holds(now)) return now;
      if (bad !== 'silence') await traffic.send(200, bad);
      timeMs += STEP_MS;
      await tick();
    }
    throw new Error(`it did not come to that: ${JSON.stringify(await view(), null, 1)}`);
  };

  /** Two whole rounds: one may have begun before the time moved. */
  const tick = async (): Promise<void> => {
    const rounds = async () => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      return Number(/downhaul_tick_seconds_count (\d+)/.exec(text)?.[1]);
    };
    const before = await rounds();
    await until(async () => (await rounds()) >= before + 2);
  };

  const log = async (): Promise<{ type: string; actor: { kind: string }; evidence?: object }[]> => {
    const { body } = await must(server.api('GET', '/log?limit=1000'));
    return body.events.map((event: { body: object }) => event.body);
  };

  it(
    'rolls harm back by itself, once, with its evidence, and proves it',
    { timeout: 60_000 },
    async () => {
      await begin(canaryPlan());
      await live(({ rollout }) => rollout.stage === 0, { control: 0.02, treatment: 0.02 });
      const back = await live(({ rollout }) => rollout.status === 'rolledBack', {
        control: 0.02,
        treatment: 0.5,
      });
      expect(back.rollout).toMatchObject({ sharePerMillion: 0, cause: { code: 'harm' } });
      const decisions = (await log()).filter(({ type }) => type === 'rolloutRolledBack');
      expect(decisions).toMatchObject([
        {
          actor: { kind: 'controller' },
          evidence: { verdict: 'harmful', judgeVersion: expect.any(String) },
        },
      ]);
      const { proof } = await live(({ proof: now }) => now.proven, {
        control: 0.02,
        treatment: 0.02,
      });
      expect(proof.clocks.map((each: { outcome: string }) => each.outcome)).toEqual([
        'proven',
        'proven',
        'proven',
      ]);
      await until(
        async () => (await log()).filter(({ type }) => type === 'proofRecorded').length === 3,
      );
    },
  );

  it(
    'advances on evidence and completes, and comes to the same over a restart',
    { timeout: 60_000 },
    async () => {
      const guardrails = [
        { metric: 'http.error_rate', margin: { relative: '50%', absolute: 0.3 } },
      ];
      await begin(canaryPlan({ guardrails, harmBudget: 100_000 }));
      const rates = { control: 0.02, treatment: 0.02 };
      await live(
        ({ rollout, evidence }) => rollout.stage === 0 && evidence.units.treatment > 100,
        rates,
      );
      const before = await view();
      server = await server.restart();
      const after = await view();
      expect({ ...after.evidence, throughSequence: 0 }).toEqual({
        ...before.evidence,
        throughSequence: 0,
      });
      expect(after.guardrails).toEqual(before.guardrails);
      traffic = createTraffic(apiOf(server.url, token), clock.nowMs, 'i2');
      await live(({ rollout }) => rollout.status === 'completed', rates);
      const types = (await log()).map(({ type }) => type);
      expect(types.filter((type) => type === 'rolloutStageEntered')).toHaveLength(2);
      expect(types.filter((type) => type === 'rolloutCompleted')).toHaveLength(1);
    },
  );

  it(
    'holds for an incident of the whole service, says so, and goes on when it is over',
    { timeout: 60_000 },
    async () => {
      const stages = [
        { share: '50%', bake: '10m' },
        { share: '100%', bake: '10m' },
      ];
      await begin(canaryPlan({ stages }));
      const usual = { control: 0.02, treatment: 0.02 };
      await live(({ rollout }) => rollout.stage === 0, usual);
      await live(({ evidence }) => evidence.units.treatment > 1_000, usual);
      const incident = { control: 0.3, treatment: 0.3 };
      const held = await live(({ rollout }) => rollout.status === 'held', incident);
      expect(held.rollout.cause.code).toBe('service_worse');
      expect(held.context.attribution.attribution).toBe('service');
      expect(held.sentences.join(' ')).toContain('the service has a problem');
      const after = await live(({ rollout }) => rollout.status === 'running', usual);
      expect(after.context.attribution.attribution).toBeNull();
      expect(after.rollout.stage).toBe(0);
    },
  );

  it(
    'says of an error budget without history that nothing is known of it',
    { timeout: 60_000 },
    async () => {
      const [guardrail] = canaryPlan().guardrails;
      const budget = { objective: '99%', window: '1h' };
      await begin(canaryPlan({ guardrails: [{ ...guardrail, budget }] }));
      // The intake hears of a start a moment after it.
      const { budgets } = await until(async () => (await view()).context);
      expect(budgets).toMatchObject([{ state: 'unknown', spent: null }]);
    },
  );

  it('holds where nothing is heard, and never ships', { timeout: 60_000 }, async () => {
    await begin(canaryPlan());
    const held = await live(({ rollout }) => rollout.status === 'held', 'silence');
    expect(held.step.waitsFor.code).toBe(held.rollout.cause.code);
    timeMs += 3_600_000;
    await tick();
    expect((await view()).rollout).toMatchObject({ stage: -1, sharePerMillion: 0 });
    expect((await log()).some(({ type }) => type === 'rolloutStageEntered')).toBe(false);
  });
});
