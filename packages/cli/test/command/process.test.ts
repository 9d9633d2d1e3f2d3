import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, spawnCli, startCli } from '../support/cli.ts';
import type { CliResult, RunningCli } from '../support/cli.ts';
import { flagDocument, slowPlanDocument } from '../support/documents.ts';

const LIMIT_MS = 60_000;

describe('the command as a process, beginning with its own server', { timeout: LIMIT_MS }, () => {
  const cwd = mkdtempSync(join(tmpdir(), 'downhaul-process-'));
  let server: RunningCli;
  let url: string;
  const cli = (args: readonly string[], stdin = ''): Promise<CliResult> =>
    spawnCli(args, { cwd, stdin, env: { DOWNHAUL_URL: url } });

  /** The same without a new process: many processes at once are slow. */
  const here = (args: readonly string[]): Promise<CliResult> =>
    runCli({ directory: cwd }, args, { env: { DOWNHAUL_URL: url } });

  const serve = async (port: string): Promise<void> => {
    server = startCli(
      ['serve', '--port', port, '--log-level', 'silent', '--tick-interval', '50ms'],
      { cwd },
    );
    const text = await server.sees(/listens on http:\S+\n/);
    url = /listens on (http:\S+)/.exec(text)?.[1] ?? '';
  };

  beforeAll(() => serve('0'), LIMIT_MS);
  afterAll(async () => {
    server.kill('SIGKILL');
    await server.finished;
    rmSync(cwd, { recursive: true });
  });

  it('keeps the first token where only its owner reads it, and finds it there', async () => {
    const file = join(cwd, '.downhaul', 'admin-token');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { code, stdout } = await cli(
      ['flag', 'put', '-'],
      `${slowPlanDocument}---\n${flagDocument('checkout')}`,
    );
    expect(code).toBe(0);
    expect(stdout).toContain('flag checkout is put');
  });

  it('ends a watch at Ctrl-C and leaves the rollout alone', async () => {
    expect((await cli(['rollout', 'start', 'checkout'])).code).toBe(0);
    await cli(['rollout', 'pause', 'checkout']);
    const watching = startCli(['rollout', 'watch', 'checkout'], {
      cwd,
      env: { DOWNHAUL_URL: url },
    });
    await watching.sees('paused');
    watching.kill('SIGINT');
    const { code, stdout } = await watching.finished;
    expect(code).toBe(130);
    expect(stdout).toContain('the rollout goes on');
    expect((await cli(['rollout', 'status', 'checkout'])).stdout).toContain('PAUSED');
  });

  it('says what is wrong with a command line', async () => {
    const cases: [string[], RegExp][] = [
      [['flag', 'lsit'], /unknown command 'lsit'[^]*Did you mean list/],
      [['down'], /missing required argument 'flag'/],
      [['down', 'x', '--wiat', '3s'], /unknown option '--wiat'[^]*Did you mean --wait/],
      [['down', 'x', '--wait', 'soon'], /--wait cannot be "soon"/],
      [['explain', 'x', '--context', '{'], /--context is no JSON/],
      [['--url', 'nowhere', 'flag', 'list'], /not the address of a server/],
    ];
    for (const [args, text] of cases) {
      const { code, stdout, stderr } = await here(args);
      expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' });
      expect(stderr).toMatch(text);
    }
  });

  it('prints help without a server', async () => {
    const help = await here(['help', 'serve']);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('--data-directory <path>');
    expect(help.stdout).toContain('DOWNHAUL_DATA_DIRECTORY');
    const codes = await here(['help', 'exit-codes']);
    expect(codes.stdout).toMatch(/^ {3}5 {2}in effect/m);
    expect((await here(['rollout'])).code).toBe(2);
  });

  it('refuses a second server on the same data', async () => {
    const { code, stderr } = await here(['serve', '--port', '0']);
    expect(code).toBe(6);
    expect(stderr).toContain('store_held');
  });

  it('copies, verifies and restores without a server in between', async () => {
    const made = await here([
      'backup',
      '--data-directory',
      '.downhaul',
      '--output',
      'copy.db',
      '--json',
    ]);
    const { position, path } = JSON.parse(made.stdout);
    expect(path).toBe(join(cwd, 'copy.db'));
    const verified = await here(['audit', 'verify', '--file', 'copy.db', '--json']);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ intact: true, position });
    const restored = await here(['restore', 'copy.db', '--data-directory', 'elsewhere']);
    expect(restored.code).toBe(0);
    expect(existsSync(join(cwd, 'elsewhere', 'downhaul.db'))).toBe(true);
    expect((await here(['restore', 'copy.db', '--data-directory', 'elsewhere'])).code).toBe(1);
    expect(
      (await here(['restore', 'copy.db', '--data-directory', 'elsewhere', '--replace'])).code,
    ).toBe(0);
    expect((await here(['restore', 'copy.db', '--replace'])).code).toBe(6);
    expect((await here(['backup'])).code).toBe(0);
    expect((await here(['audit', 'verify'])).stdout).toContain('intact up to position');
  });

  it('says of a file that is none, or not there, what it is, and calls nothing a defect', async () => {
    writeFileSync(
      join(cwd, 'notes.txt'),
      'no database at all, whatever its length may be\n'.repeat(99),
    );
    const wrong = await here(['audit', 'verify', '--file', 'notes.txt']);
    expect(wrong.code).toBe(7);
    expect(wrong.stderr).toContain('store_unusable');
    const absent = await here(['audit', 'verify', '--file', 'absent.db']);
    expect(absent.code).toBe(2);
    expect(absent.stderr).toContain('absent.db');
    const nowhere = ['backup', '--data-directory', 'nowhere', '--output', 'copy-2.db'];
    expect((await here(nowhere)).code).toBe(2);
    expect(existsSync(join(cwd, 'copy-2.db'))).toBe(false);
  });

  it('keeps bringing a flag down while the server is away, and makes it once', async () => {
    const { port } = new URL(url);
    server.kill('SIGTERM');
    expect((await server.finished).code).toBe(143);

    const question = await cli(['flag', 'list']);
    expect(question.code).toBe(3);
    expect(question.stderr).toContain('connection refused');
    const change = await cli(['up', 'checkout', '--retry-for', '0s', '--json']);
    expect(change.code).toBe(3);
    expect(JSON.parse(change.stderr).error).toMatchObject({ code: 'cli_unreachable', exitCode: 3 });

    const down = startCli(['down', 'checkout'], { cwd, env: { DOWNHAUL_URL: url } });
    await down.sees('trying again');
    await serve(port);
    const { code, stdout } = await down.finished;
    expect(code).toBe(0);
    expect(stdout).toContain('checkout is DOWN');
    const log = (await cli(['audit', 'log', '--flag', 'checkout'])).stdout;
    expect(log.match(/flagDowned/g)).toHaveLength(1);
  });
});
