import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { flagDocument } from '../support/documents.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const PLAN = `plan: brisk
baseline: 10s
stages:
  - { share: 10%, bake: 10s }
  - { share: 50%, bake: 10s }
  - { share: 100%, bake: 10s }
guardrails:
  - { metric: http.error_rate, margin: { relative: 50%, absolute: 0.01 } }
harmBudget: 1000
reactionTime: 10s
batch: 1s
horizons: [2s]
whenStageTooLong: { after: 2m }
`;
const FIGURES = ['--traffic', '300/s', '--error-rate', '1%', '--seed', 'test', '--runs', '20'];
const TWO = ['--scenario', 'healthy', '--scenario', 'errors hit 20%'];

// Runs are real work: on a busy machine they take their time.
describe('downhaul rehearse', { timeout: 120_000 }, () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    writeFileSync(join(server.directory, 'plan.yaml'), PLAN);
    const flag = flagDocument('new-checkout').replace('quick', 'brisk');
    writeFileSync(join(server.directory, 'flag.yaml'), flag);
    for (const file of ['plan', 'flag']) {
      await runCli(server, [file, 'put', `${file}.yaml`]);
    }
  });
  afterAll(() => server.close());

  it('plays a plan file without a server, and says that nothing is recorded', async () => {
    const alone = { directory: server.directory };
    const { code, stdout, stderr } = await runCli(alone, [
      ...['rehearse', 'plan.yaml', '--no-suggest'],
      ...[...FIGURES, ...TWO],
    ]);
    expect([code, stderr]).toEqual([0, expect.stringContaining('40 of 40 runs')]);
    expect(stdout).toMatch(/healthy +healthy +0 %/);
    expect(stdout).toMatch(/errors hit 20% +harmful +100 %/);
    expect(stdout).toContain('Nothing was recorded');
    expect(stdout).toContain('Not modelled');
  });

  it('plays the plan of a flag on the server, the same, and records it', async () => {
    const asked = ['--json', '--no-suggest', ...FIGURES, ...TWO];
    const here = await runCli(server, ['rehearse', 'plan.yaml', '--offline', ...asked]);
    const there = await runCli(server, ['rehearse', 'new-checkout', ...asked]);
    expect([here.code, there.code, there.stderr]).toEqual([0, 0, '']);
    const answer = JSON.parse(there.stdout) as Rehearsed;
    expect(answer.recorded?.version).toBeGreaterThan(0);
    const [healthy, broken] = answer.report.scenarios;
    expect(healthy?.ends.completed).toBe(20);
    expect(broken?.ends.rolledBack).toBe(20);
    expect((JSON.parse(here.stdout) as Rehearsed).recorded).toBeNull();
  });

  it('takes the key of a plan as well, and a name that is neither is refused', async () => {
    const asked = ['--no-suggest', ...FIGURES, '--scenario', 'healthy'];
    expect((await runCli(server, ['rehearse', 'brisk', ...asked])).code).toBe(0);
    const { code, stderr } = await runCli(server, ['rehearse', 'nothing', ...asked]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('plan_unknown')]);
  });

  it('exits with 7 when a healthy rollout does not get anywhere', async () => {
    const { code, stdout } = await runCli(server, [
      ...['rehearse', 'plan.yaml', '--no-suggest', '--traffic', '2/s', '--error-rate', '1%'],
      ...['--runs', '10', '--seed', 'test'],
    ]);
    expect(code).toBe(7);
    expect(stdout).toContain('of healthy rollouts stop');
  });

  it.each([
    [['--traffic', 'much'], 'cli_option'],
    [['--error-rate', '0.1'], 'cli_option'],
    [['--rate', 'order.placed'], 'cli_option'],
    [['--traffic', '2/s', '--scenario', 'errors !'], 'scenario_invalid'],
    [['--traffic', '2/s', '--scenario', 'sales -5%'], 'scenario_metric_unknown'],
    [['--traffic', '2/s', '--plan', 'another'], 'cli_document_kind'],
  ])('exits with 2 for %j', async (options, reason) => {
    const { code, stderr } = await runCli(server, ['rehearse', 'plan.yaml', ...options]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(reason)]);
  });
});

interface Rehearsed {
  readonly report: {
    readonly scenarios: readonly { readonly ends: { completed: number; rolledBack: number } }[];
  };
  readonly recorded: { readonly version: number } | null;
}
