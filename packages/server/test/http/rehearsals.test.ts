import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';

const PATH = '/projects/default/environments/production/rehearsals';

/** Stages of seconds: a run is short. */
const BRISK = {
  plan: 'brisk',
  baseline: '10s',
  stages: [
    { share: '10%', bake: '10s' },
    { share: '50%', bake: '10s' },
    { share: '100%', bake: '10s' },
  ],
  guardrails: [{ metric: 'http.error_rate', margin: { relative: '50%', absolute: 0.01 } }],
  harmBudget: 1_000,
  reactionTime: '10s',
  batch: '1s',
  horizons: ['2s'],
  whenStageTooLong: { after: '2m' },
};
const FIGURES = { unitsPerSecond: 300, rates: { 'http.error_rate': 0.01 }, seed: 'test', runs: 20 };

interface Line {
  readonly type: string;
  // Tests look at the line's shape themselves.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a line of unknown shape
  readonly [member: string]: any;
}

// Runs are real work: on a busy machine they take their time.
describe('rehearsals over HTTP', { timeout: 120_000 }, () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.api('PUT', '/projects/default/plans/brisk', BRISK);
  });
  afterAll(() => server.dispose());

  function post(body: object, init: RequestInit = {}): Promise<Response> {
    return fetch(`${server.url}/api/v1${PATH}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.adminToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
      ...init,
    });
  }

  async function rehearse(body: object): Promise<readonly Line[]> {
    const text = await (await post(body)).text();
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  }

  it('tells of progress, answers, and is recorded and read again', async () => {
    const asked = { plan: 'brisk', scenarios: ['healthy', 'errors hit 20%'], ...FIGURES };
    const lines = await rehearse({ ...asked, suggest: false });
    const last = lines.at(-1);
    expect(lines.slice(0, -1).map(({ type }) => type)).toEqual(
      lines.slice(1).map(() => 'progress'),
    );
    expect(lines.at(-2)).toMatchObject({ part: 'scenarios', done: 40, of: 40 });
    expect(last?.type).toBe('result');
    const [healthy, broken] = last?.['report'].scenarios ?? [];
    expect(healthy).toMatchObject({ truth: 'healthy', ends: { completed: 20 } });
    expect(broken).toMatchObject({ truth: 'harmful', ends: { rolledBack: 20 } });
    expect(broken.harmedUnits.p50).toBeGreaterThan(5);
    const { body } = await server.api('GET', `${PATH}?plan=brisk`);
    expect(body.rehearsals).toHaveLength(1);
    expect(body.rehearsals[0]).toMatchObject({
      plan: 'brisk',
      seed: 'test',
      version: last?.['recorded'].version,
      scenarios: [{ scenario: 'healthy', completed: 20 }, { scenario: 'errors hit 20%' }],
    });
  });

  it('gives the same figures for the same seed', async () => {
    const asked = { plan: BRISK, scenarios: ['errors x4'], ...FIGURES, suggest: false };
    const [once, again] = [await rehearse(asked), await rehearse(asked)];
    expect(again.at(-1)?.['report']).toEqual(once.at(-1)?.['report']);
  });

  it('reads every plan that is given as a document, whatever it looks like (invariant 12)', async () => {
    const response = await post({ plan: { plan: 'x', stages: [], horizonsMs: [1] }, ...FIGURES });
    expect(response.status).toBe(400);
    const { code, path } = (await response.json()) as Line & { code: string; path: string };
    expect(path).toMatch(/^\/plan/);
    expect(code).toMatch(/^(document|plan)_/);
  });

  it('opens the way for a plan that asks for it', async () => {
    const plan = {
      ...BRISK,
      plan: 'asking',
      harmBudget: 999,
      rehearsal: { falseRollback: '20%', missed: '30%' },
    };
    await server.api('PUT', '/projects/default/plans/asking', plan);
    const flag = {
      flag: 'rehearsed',
      kind: 'release',
      type: 'boolean',
      owner: 'team',
      purpose: 'test',
      variants: { on: true, off: false },
      safe: 'off',
      environments: { production: { serve: 'off', rollout: { plan: 'asking', to: 'on' } } },
    };
    await server.api('PUT', '/projects/default/flags/rehearsed', flag);
    const start = () =>
      server.api('POST', '/projects/default/environments/production/flags/rehearsed/rollout/start');
    const check = async () =>
      (
        await server.api(
          'POST',
          '/projects/default/environments/production/flags/rehearsed/rollout/check',
        )
      ).body.items.find(({ code }: { code: string }) => code === 'rehearsed');
    expect((await start()).body.code).toBe('rollout_rehearsal_missing');
    expect(await check()).toMatchObject({ ok: false });
    await rehearse({ flag: 'rehearsed', ...FIGURES, suggest: false });
    expect(await check()).toMatchObject({ ok: true });
    expect((await start()).status).toBe(200);
  });

  it.each([
    [{ plan: 'nothing' }, 422, 'plan_unknown'],
    [{ flag: 'nothing' }, 404, 'flag_unknown'],
    [{}, 422, 'rollout_plan_missing'],
    [{ plan: 'brisk', scenarios: ['errors ?'] }, 400, 'scenario_invalid'],
    [{ plan: 'brisk', scenarios: ['sales -5%'] }, 422, 'scenario_metric_unknown'],
    [{ plan: 'brisk', runs: 1_000_000 }, 400, 'body_invalid'],
    [{ plan: 'brisk', unitsPerSecond: -1 }, 400, 'body_invalid'],
    [{ plan: { ...BRISK, batch: 'soon' } }, 400, 'document_value'],
    [
      { plan: { ...BRISK, guardrails: [{ metric: 'unheard.of', margin: { relative: '5%' } }] } },
      422,
      'plan_metric_unknown',
    ],
  ])('refuses %j', async (body, status, code) => {
    const response = await post(body);
    const problem = (await response.json()) as { code: string };
    expect([response.status, problem.code]).toEqual([status, code]);
  });

  it('stops when nobody listens any more, and goes on answering others meanwhile', async () => {
    const gone = new AbortController();
    const long = { plan: 'brisk', ...FIGURES, runs: 10_000 };
    const leave = async () => {
      const response = await post(long, { signal: gone.signal });
      await response.body?.getReader().read();
      gone.abort();
    };
    await leave();
    const before = (await server.api('GET', PATH)).body.rehearsals.length as number;
    // Room for the next one is there only when the threads of the one before are gone.
    await expect
      .poll(async () => (await post({ ...long, runs: 10, scenarios: ['healthy'] })).status, {
        timeout: 60_000,
      })
      .toBe(200);
    expect((await server.api('GET', PATH)).body.rehearsals.length).toBeLessThanOrEqual(before + 1);
  });
});
