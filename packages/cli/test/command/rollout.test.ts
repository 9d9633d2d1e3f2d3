import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import type { CliResult } from '../support/cli.ts';
import { flagDocument, planDocument } from '../support/documents.ts';
import { createInstance } from '../support/instance.ts';
import { startTestServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

describe('rollouts', () => {
  let server: TestServer;
  const cli = (...args: string[]): Promise<CliResult> => runCli(server, args);

  beforeEach(async () => {
    server = await startTestServer();
    const stdin = `${planDocument}---\n${flagDocument('checkout')}`;
    await runCli(server, ['flag', 'put', '-'], { stdin });
  });
  afterEach(() => server.close());

  it('checks before the start: warnings leave it open, and a failure is what a start is refused for', async () => {
    const open = await cli('rollout', 'check', 'checkout');
    expect(open.code).toBe(0);
    expect(open.stdout).toContain('WARN  guarded');
    expect(open.stdout).not.toContain('FAIL');
    expect(open.stdout).toMatch(/ready to start, with 1 warning\n$/);
    expect((await cli('rollout', 'start', 'checkout')).code).toBe(0);
    const refused = await cli('rollout', 'check', 'checkout');
    expect(refused.code).toBe(7);
    expect(refused.stdout).toMatch(/FAIL {2}rollout_/);
    expect(refused.stdout).toMatch(/not ready: a start would be refused\n$/);
    const json = await cli('rollout', 'check', 'checkout', '--json');
    expect(JSON.parse(json.stdout).ready).toBe(false);
  });

  it('watches a rollout until it is completed', async () => {
    expect((await cli('rollout', 'start', 'checkout')).code).toBe(0);
    const { code, stdout } = await cli('rollout', 'watch', 'checkout', '--interval', '50ms');
    expect(code).toBe(0);
    expect(stdout).toContain('stage 2 of 3, `on` at 50%');
    expect(stdout).toContain('unguarded');
    expect(stdout).toMatch(/the rollout of checkout is completed\n$/);
    expect((await cli('flag', 'list')).stdout).toContain('on at 100%, completed');
    expect((await cli('rollout', 'end-watch', 'checkout')).code).toBe(0);
    expect((await cli('flag', 'list')).stdout).toMatch(/^checkout +on at 100%, ended/m);
  });

  it('watches in JSON lines, the outcome last', async () => {
    await cli('rollout', 'start', 'checkout');
    await cli('rollout', 'rollback', 'checkout', '--no-wait');
    const { code, stdout } = await cli(
      'rollout',
      'watch',
      'checkout',
      '--json',
      '--interval',
      '50ms',
    );
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ flag: 'checkout', rollout: { status: 'rolledBack' } });
    expect(lines.at(-1)).toMatchObject({ exitCode: code });
    expect(code).toBe(9);
  });

  it('pauses, resumes, advances and rolls back', async () => {
    await cli('rollout', 'start', 'checkout');
    expect((await cli('rollout', 'pause', 'checkout', '-j', 'lunch')).stdout).toContain(
      'is paused',
    );
    expect((await cli('rollout', 'pause', 'checkout')).stdout).toContain('was paused already');
    expect((await cli('rollout', 'status', 'checkout')).stdout).toContain('PAUSED');
    const refused = await cli('rollout', 'advance', 'checkout');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('rollout_paused');
    expect((await cli('rollout', 'resume', 'checkout')).code).toBe(0);
    const back = await cli('rollout', 'rollback', 'checkout');
    expect(back.code).toBe(0);
    expect(back.stdout).toMatch(
      /^the rollout of checkout in production is rolled back from version \d+ on\n/,
    );
    const again = await cli('rollout', 'rollback', 'checkout');
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('was rolled back already');
    const log = (await cli('audit', 'log', '--flag', 'checkout')).stdout;
    expect(log).toMatch(/person admin \([0-9a-f]{12}\) +rolloutPaused .* lunch$/m);
    expect(log).toContain('rolloutRolledBack');
  });

  it('places a refusal of a plan in the file that it came from', async () => {
    const plan = planDocument
      .replace('share: 50%', 'share: 5%')
      .replace('plan: quick', 'plan: other');
    const { code, stderr } = await runCli(
      server,
      ['rollout', 'start', 'checkout', '--plan-file', '-'],
      { stdin: plan },
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/--> -:6:/);
    expect(stderr).toContain('plan_share_falls');
  });

  it('refuses to watch what will never move', async () => {
    const { code, stderr } = await cli('rollout', 'watch', 'checkout');
    expect(code).toBe(1);
    expect(stderr).toContain('downhaul rollout start checkout');
  });

  it('shows who runs which version', async () => {
    const instance = await createInstance(server, 'pricing-1');
    await instance.acknowledge(1);
    const { stdout } = await cli('instances');
    expect(stdout).toMatch(/^pricing-1 +pricing +1 +acking/m);
    expect(stdout).toMatch(/0 of 1 run version \d+\n$/);
    const other = await createInstance(server, 'pricing-2');
    await other.acknowledge(1);
    const both = await cli('instances', '--retire', 'pricing-1', '--retire', 'pricing-2');
    expect(both.stdout).toMatch(/^pricing-1 counts as gone in production\npricing-2 counts/);
    await expect
      .poll(async () => (await cli('instances')).stdout, { timeout: 10_000 })
      .toContain('no instances');
    expect((await cli('instances', '--all')).stdout).toContain('left (operator)');
  });

  it('shows whom a revoked token cut off, and retires all of it', async () => {
    const instance = await createInstance(server, 'pricing-3');
    await instance.acknowledge(1);
    const { instances } = JSON.parse((await cli('instances', '--json')).stdout);
    const id = String(instances[0].token);
    await cli('token', 'revoke', id);
    expect((await cli('instances')).stdout).toContain(`cut off (token ${id} was revoked)`);
    expect((await cli('instances', '--retire')).code).not.toBe(0);
    const retired = await cli('instances', '--retire', '--token', id);
    expect(retired.stdout).toContain(`all instances of the token ${id} count as gone`);
    await expect
      .poll(async () => (await cli('instances')).stdout, { timeout: 10_000 })
      .toContain('no instances');
  });

  it('excludes a source with a justification, and includes it again', async () => {
    const instance = await createInstance(server, 'pricing-4');
    await instance.acknowledge(1);
    const source = ['checkout', '--service', 'pricing', '--instance', 'pricing-4'];
    expect((await cli('rollout', 'exclude', ...source)).stderr).toContain('source_why_missing');
    const out = await cli('rollout', 'exclude', ...source, '-j', 'its failures are made up');
    expect(out.stdout).toContain('what pricing/pricing-4 tells of checkout in production does not');
    expect((await cli('rollout', 'include', ...source)).stdout).toContain('counts again');
    expect((await cli('rollout', 'include', ...source)).stderr).toContain('source_not_excluded');
  });
});
