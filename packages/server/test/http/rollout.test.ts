import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { canaryPlan, unguardedPlan } from '../support/documents.ts';
import { type Api, startTestServer, type TestServer, until } from '../support/server.ts';
import { FLAG, issue, must, positionOf, putCheckout } from '../support/setup.ts';

describe('rollouts over HTTP', () => {
  let server: TestServer;
  let api: Api;
  beforeEach(async () => {
    server = await startTestServer();
    api = server.api;
    await putCheckout(api);
  });
  afterEach(() => server.dispose());

  const rollout = async () => (await must(api('GET', `${FLAG}/rollout`))).body;

  it('starts as declared, pauses, resumes and advances by hand', async () => {
    expect((await rollout()).rollout).toBeUndefined();
    const started = await must(api('POST', `${FLAG}/rollout/start`));
    expect(started.body).toMatchObject({ changed: true, status: 'running', attempt: 1 });
    expect((await rollout()).rollout).toMatchObject({ stage: 0, sharePerMillion: 100_000 });
    await must(api('POST', `${FLAG}/rollout/pause`, { justification: 'lunch' }));
    expect((await rollout()).rollout).toMatchObject({
      status: 'paused',
      cause: { code: 'by_person', text: 'The person admin paused it.' },
    });
    expect((await api('POST', `${FLAG}/rollout/advance`)).body.code).toBe('rollout_paused');
    await must(api('POST', `${FLAG}/rollout/resume`));
    await must(api('POST', `${FLAG}/rollout/advance`));
    expect((await rollout()).rollout).toMatchObject({ stage: 1, sharePerMillion: 1_000_000 });
    await must(api('POST', `${FLAG}/rollout/complete`));
    expect((await rollout()).rollout.status).toBe('completed');
    await must(api('POST', `${FLAG}/rollout/end-watch`));
    expect((await rollout()).rollout.status).toBe('ended');
  });

  it('says what it waits for and when that should be over', async () => {
    await must(api('POST', `${FLAG}/rollout/start`));
    const { step, sentences, nowMs } = await rollout();
    expect(step.waitsFor).toMatchObject({ code: 'bake' });
    expect(step.waitsFor.untilMs).toBeGreaterThan(nowMs);
    expect(sentences.join(' ')).toContain('unguarded');
  });

  it('rolls back at once and opens a proof that is proven where nobody listens', async () => {
    await must(api('POST', `${FLAG}/rollout/start`));
    const { body } = await must(
      api('POST', `${FLAG}/rollout/rollback`, { justification: 'hurts' }),
    );
    expect(body.proof).toMatch(/^production\/new-checkout@\d+$/);
    const { rollout: now, proof } = await rollout();
    expect(now).toMatchObject({
      status: 'rolledBack',
      sharePerMillion: 0,
      cause: { code: 'by_person', text: 'The person admin rolled it back.' },
    });
    const resumed = await api('POST', `${FLAG}/rollout/resume`);
    expect(resumed.body.detail).toContain('is rolled back, not paused');
    expect(proof).toMatchObject({ id: body.proof, kind: 'rollback' });
    const byId = await must(
      api('GET', `/projects/default/proofs/${encodeURIComponent(body.proof)}`),
    );
    expect(byId.body.clocks.map((each: { clock: string }) => each.clock)).toEqual([
      'reached',
      'silent',
      'recovered',
    ]);
    await until(async () => (await must(api('GET', `${FLAG}/proof`))).body.clocks[0].recorded);
    const again = await must(api('POST', `${FLAG}/rollout/rollback`));
    expect(again.body.changed).toBe(false);
  });

  it('brings a flag down above everything, and up again only by asking', async () => {
    await must(api('POST', `${FLAG}/rollout/start`));
    const down = await must(api('POST', `${FLAG}/down`));
    expect(down.body).toMatchObject({ changed: true, down: true });
    expect(await rollout()).toMatchObject({ down: true, rollout: { status: 'paused' } });
    expect((await must(api('POST', `${FLAG}/down`))).body.changed).toBe(false);
    await must(api('POST', `${FLAG}/up`));
    expect(await rollout()).toMatchObject({ down: false, rollout: { status: 'paused' } });
  });

  it('gives the way down to whoever may look, and the way up to nobody else', async () => {
    await must(api('POST', `${FLAG}/rollout/start`));
    const viewer = await issue(server, { kind: 'person', rights: ['view'] });
    expect((await viewer.api('POST', `${FLAG}/rollout/advance`)).status).toBe(403);
    await must(viewer.api('POST', `${FLAG}/rollout/pause`));
    await must(viewer.api('POST', `${FLAG}/rollout/rollback`));
    await must(viewer.api('POST', `${FLAG}/down`));
    expect((await viewer.api('POST', `${FLAG}/up`)).status).toBe(403);
    const sdk = await issue(server, { kind: 'sdk' });
    expect((await sdk.api('POST', `${FLAG}/down`)).body.code).toBe('token_kind_refused');
  });

  it('goes down again under the same key where the flag was raised since', async () => {
    const key = { 'idempotency-key': 'always-the-same' };
    await must(api('POST', `${FLAG}/rollout/start`));
    const first = await must(api('POST', `${FLAG}/rollout/rollback`, undefined, key));
    const retry = await must(api('POST', `${FLAG}/rollout/rollback`, undefined, key));
    expect(retry.body).toEqual(first.body);
    await must(api('POST', `${FLAG}/rollout/start`));
    const second = await must(api('POST', `${FLAG}/rollout/rollback`, undefined, key));
    expect(second.body).toMatchObject({ changed: true });
    expect((await must(api('GET', `${FLAG}/rollout`))).body.rollout.status).toBe('rolledBack');

    const down = { 'idempotency-key': 'always-down' };
    for (let round = 0; round < 2; round += 1) {
      await must(api('POST', `${FLAG}/down`, undefined, down));
      expect((await must(api('GET', `${FLAG}/rollout`))).body.down).toBe(true);
      await must(api('POST', `${FLAG}/up`));
    }
  });

  it('does not deny the way down for a reused key or a version of long ago', async () => {
    const key = { 'idempotency-key': 'the-same' };
    await must(api('POST', `${FLAG}/rollout/start`, undefined, key));
    const stale = { expectedVersions: { 'flag:new-checkout': 1 } };
    const back = await must(api('POST', `${FLAG}/rollout/rollback`, stale, key));
    expect(back.body).toMatchObject({ changed: true, status: 'rolledBack' });
    const retry = await must(api('POST', `${FLAG}/rollout/rollback`, stale, key));
    expect(retry.body).toEqual(back.body);
  });

  it('refuses a step up on what was read before somebody else changed it', async () => {
    const versionNow = async () =>
      (await must(api('GET', '/projects/default/flags/new-checkout'))).body.environments.production
        .version as number;
    const read = await versionNow();
    await must(api('POST', `${FLAG}/rollout/start`));
    await until(async () => (await rollout()).evidence !== undefined);
    const late = await api('POST', `${FLAG}/rollout/advance`, undefined, {
      'if-match': `"${read}"`,
    });
    expect(late).toMatchObject({ status: 409, body: { code: 'version_conflict' } });
    // The proof of an earlier way down may be recorded between the reading and the step: then read anew.
    const advanced = await vi.waitFor(async () => {
      const current = { 'if-match': `"${await versionNow()}"` };
      const answer = await api('POST', `${FLAG}/rollout/advance`, undefined, current);
      expect(answer.body).not.toMatchObject({ code: 'version_conflict' });
      return answer;
    });
    expect(advanced.status).toBe(200);
    const odd = await api('POST', `${FLAG}/rollout/complete`, undefined, { 'if-match': 'seven' });
    expect(odd).toMatchObject({ status: 400, body: { code: 'parameter_invalid' } });
    await must(api('POST', `${FLAG}/rollout/rollback`, undefined, { 'if-match': '"1"' }));
  });

  it('takes a plan of the start and only a tighter one later', async () => {
    const plan = unguardedPlan({ plan: 'own', stages: [{ share: '5%', bake: '1h' }] });
    await must(api('POST', `${FLAG}/rollout/start`, { plan, to: 'on' }));
    expect((await rollout()).rollout).toMatchObject({ sharePerMillion: 50_000 });
    const longer = { ...plan, stages: [{ share: '5%', bake: '2h' }] };
    await must(api('POST', `${FLAG}/rollout/tighten`, { plan: longer }));
    expect((await rollout()).rollout.stages[0].bakeMs).toBe(7_200_000);
    const refused = await api('POST', `${FLAG}/rollout/tighten`, { plan });
    expect(refused).toMatchObject({ status: 422, body: { code: 'rollout_change_loosens' } });
  });

  it('checks before a start without changing anything', async () => {
    const before = await positionOf(server);
    const { body } = await must(api('POST', `${FLAG}/rollout/check`, { plan: canaryPlan() }));
    expect(body.items.length).toBeGreaterThan(0);
    expect(body.items[0]).toMatchObject({ code: expect.any(String), ok: expect.any(Boolean) });
    const wrong = await must(api('POST', `${FLAG}/rollout/check`, { to: 'off' }));
    expect(wrong.body).toMatchObject({ ready: false, refusal: { path: '/to' } });
    expect(await positionOf(server)).toBe(before);
  });
});
