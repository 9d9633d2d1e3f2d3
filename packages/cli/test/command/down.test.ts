import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, startCli } from '../support/cli.ts';
import type { CliResult } from '../support/cli.ts';
import { flagDocument, planDocument } from '../support/documents.ts';
import { createInstance } from '../support/instance.ts';
import { startTestServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

describe('down', () => {
  let server: TestServer;
  const cli = (...args: string[]): Promise<CliResult> => runCli(server, args);
  const put = (stdin: string, ...args: string[]): Promise<CliResult> =>
    runCli(server, ['flag', 'put', '-', ...args], { stdin });

  beforeAll(async () => {
    server = await startTestServer();
    await put(`${planDocument}---\n${flagDocument('checkout')}---\n${flagDocument('pricing')}`);
  });
  afterAll(() => server.close());

  it('works at once, and again', async () => {
    const first = await cli('down', 'checkout');
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(
      /^checkout is DOWN in production: everyone gets its safe variant from version \d+ on\n {2}reached +proven/,
    );
    const second = await cli('down', 'checkout');
    expect(second.code).toBe(0);
    expect(second.stdout).toContain('and was already');
    expect((await cli('flag', 'list')).stdout).toMatch(/^checkout +DOWN/m);
    expect((await cli('explain', 'checkout', '-k', 'user-7')).stdout).toContain(
      'down: everyone gets off',
    );
  });

  it('answers with one JSON document, the proof in it', async () => {
    const { code, stdout } = await cli('down', 'checkout', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      changed: false,
      version: expect.any(Number),
      proof: { kind: 'down', clocks: [{ clock: 'reached', outcome: 'proven' }, {}, {}] },
    });
    const bare = JSON.parse((await cli('down', 'checkout', '--json', '--no-wait')).stdout);
    expect(bare).toMatchObject({ changed: false, down: true });
  });

  it('stays in effect when the waiting is interrupted', async () => {
    await put(flagDocument('interrupted'));
    const instance = await createInstance(server, 'slow-1');
    await instance.acknowledge(1);
    const running = startCli(['--url', server.url, 'down', 'interrupted'], {
      cwd: server.directory,
    });
    await running.sees('waiting for slow-1');
    running.kill('SIGINT');
    const { code, stdout, stderr } = await running.finished;
    expect(code).toBe(130);
    expect(stdout).toContain('interrupted is DOWN');
    expect(stderr).toContain('it is in effect, only the waiting has ended');
    await cli('instances', '--retire', 'slow-1');
  });

  it('is ended by up, which says what stays paused', async () => {
    await cli('down', 'pricing', '--no-wait');
    const { code, stdout } = await cli('up', 'pricing');
    expect(code).toBe(0);
    expect(stdout).toContain('pricing is up in production');
    expect((await cli('up', 'pricing')).stdout).toContain('was not down');
  });

  it('names who has not got it yet, and proves it when everybody has', async () => {
    const instance = await createInstance(server, 'pricing-7f9c');
    await instance.acknowledge(1);
    const { code, stdout, stderr } = await cli('down', 'pricing', '--wait', '300ms');
    expect(code).toBe(5);
    expect(stdout).toContain('pricing is DOWN');
    expect(stdout).toMatch(/missing +pricing-7f9c \(pricing\): /);
    expect(stdout).toContain('downhaul proof pricing --wait');
    expect(stderr).toContain('waiting for pricing-7f9c (pricing)');

    const waiting = cli('proof', 'pricing', '--wait', '15s');
    const version = Number(/from version (\d+)/.exec(stdout)?.[1]);
    await instance.acknowledge(version);
    await instance.reportNothing(version);
    await instance.reportNothing(version);
    const proof = await waiting;
    expect(proof.stdout).toMatch(/reached +proven/);
    expect(proof.stdout).toMatch(/silent +proven/);
    expect([0, 5]).toContain(proof.code);
    expect(proof.code === 0).toBe(!proof.stdout.includes('missed'));
  });

  it('suggests what was meant', async () => {
    const { code, stderr } = await cli('down', 'chekout');
    expect(code).toBe(1);
    expect(stderr).toContain('did you mean checkout?');
  });

  it('says in which other project the flag is', async () => {
    await cli('project', 'put', 'shop');
    await cli('env', 'put', 'production', '--owner', 'me', '--project', 'shop');
    await put(`${planDocument}---\n${flagDocument('basket')}`, '--project', 'shop');
    const { code, stderr } = await cli('down', 'basket');
    expect(code).toBe(1);
    expect(stderr).toContain('there is basket in the project shop: add --project shop');
    expect((await cli('down', 'basket', '--project', 'shop')).code).toBe(0);
    expect((await cli('down', 'basket', '--project', 'shpo')).stderr).toContain(
      'did you mean shop?',
    );
    const elsewhere = (await cli('down', 'checkout', '-e', 'prod')).stderr;
    expect(elsewhere.match(/staging, production/g)).toHaveLength(1);
    expect(elsewhere).toContain('did you mean production?');
  });

  it('needs only the right to view', async () => {
    const { stdout: viewer } = await cli('token', 'issue', 'viewer');
    const asViewer = ['--token', viewer.trim()];
    expect((await cli('up', 'checkout', ...asViewer)).code).toBe(4);
    expect((await cli('down', 'checkout', ...asViewer)).code).toBe(0);
    expect((await cli('flag', 'list', '--token', 'wrong')).code).toBe(4);
  });

  it('shows no proof of what never went down', async () => {
    await put(flagDocument('quiet'));
    const { code, stderr } = await cli('proof', 'quiet');
    expect(code).toBe(1);
    expect(stderr).toContain('proof_not_found');
  });
});
