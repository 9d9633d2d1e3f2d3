import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import type { CliResult } from '../support/cli.ts';
import { flagDocument, planDocument } from '../support/documents.ts';
import { startTestServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

describe('flags, plans and segments', () => {
  let server: TestServer;
  const cli = (...args: string[]): Promise<CliResult> => runCli(server, args);
  const put = (stdin: string, ...args: string[]): Promise<CliResult> =>
    runCli(server, ['flag', 'put', '-', ...args], { stdin });

  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  it('puts plans before the flags that name them, whatever their order in the file', async () => {
    writeFileSync(
      join(server.directory, 'all.yaml'),
      `${flagDocument('first')}---\n${planDocument}`,
    );
    const { code, stdout } = await cli('flag', 'put', 'all.yaml');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^plan quick is put, version \d+\nflag first is put, version \d+\n$/);
  });

  it('says that an unchanged document changed nothing', async () => {
    const { code, stdout } = await put(flagDocument('first'));
    expect(code).toBe(0);
    expect(stdout).toContain('flag first is as it was');
  });

  it('answers with one JSON document', async () => {
    const { code, stdout } = await put(flagDocument('second'), '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      documents: [{ kind: 'flag', key: 'second', changed: true, version: expect.any(Number) }],
    });
  });

  it('lists what there is and where it stands', async () => {
    const { stdout } = await cli('flag', 'list');
    expect(stdout).toMatch(/^flag +production +kind +owner +purpose\n/);
    expect(stdout).toMatch(/^first +serves off +release +team-checkout +checkout on one page$/m);
    const json = JSON.parse((await cli('flag', 'list', '--json')).stdout);
    expect(json.flags.map(({ key }: { key: string }) => key)).toContain('first');
  });

  it('prints a flag as a document that can be put again', async () => {
    const { stdout } = await cli('flag', 'get', 'first');
    expect(parse(stdout)).toMatchObject({ flag: 'first', variants: { on: true, off: false } });
    expect((await put(stdout)).stdout).toContain('flag first is as it was');
  });

  it('names file, line, code and what would be accepted, for every problem', async () => {
    const document = flagDocument('third').replace('kind: release', 'kind: relaese\nserve: on');
    writeFileSync(join(server.directory, 'wrong.yaml'), document);
    const { code, stdout, stderr } = await cli('flag', 'put', 'wrong.yaml');
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('wrong.yaml:2:7');
    expect(stderr).toContain('2 | kind: relaese\n  |       ^');
    expect(stderr).toContain('document_value');
    expect(stderr).toContain('accepted: release, experiment, operational, permission');
    expect(stderr).toContain('wrong.yaml:3:1');
  });

  it('gives the same to a program on stderr', async () => {
    const { code, stderr } = await put(
      flagDocument('third').replace('safe: off', 'safe: never'),
      '--json',
    );
    expect(code).toBe(1);
    const { error } = JSON.parse(stderr);
    expect(error).toMatchObject({
      exitCode: 1,
      code: 'flag_variant_unknown',
      path: '/safe',
      file: '-',
      line: 7,
      column: 7,
    });
  });

  it('puts nothing when one of the documents cannot be read', async () => {
    const { code } = await put(`${flagDocument('fourth')}---\nowner: nobody\n`);
    expect(code).toBe(2);
    expect((await cli('flag', 'get', 'fourth')).code).toBe(1);
  });

  it('puts nothing when one of the documents is refused, and names its place', async () => {
    const wrong = flagDocument('sixth').replace('safe: off', 'safe: never');
    const { code, stderr } = await put(`${flagDocument('fifth')}---\n${wrong}`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/-:\d+:7\n/);
    expect(stderr).toContain('safe: never');
    expect((await cli('flag', 'get', 'fifth')).code).toBe(1);
  });

  it('refuses a change of what somebody else changed meanwhile', async () => {
    const changed = flagDocument('first').replace('on one page', 'on two pages');
    const { code, stderr } = await put(changed, '--if-version', '1');
    expect(code).toBe(6);
    expect(stderr).toContain('version_conflict');
  });

  it('shows segments and plans and refuses to remove what is in use', async () => {
    const segment = 'segment: staff\nowner: me\nif: { attribute: email, endsWith: "@acme.test" }\n';
    const rules = '    rules: [{ name: staff, if: { segment: staff }, serve: on }]\n';
    expect(
      (
        await put(
          `${segment}---\n${flagDocument('for-staff', rules)}`,
          '--at-once',
          '-j',
          'staff only',
        )
      ).code,
    ).toBe(0);
    expect((await cli('segment', 'list')).stdout).toMatch(/^staff +me/m);
    expect(parse((await cli('segment', 'get', 'staff')).stdout)).toMatchObject({
      segment: 'staff',
    });
    expect((await cli('plan', 'list')).stdout).toMatch(
      /^quick .*10% for 1s, 50% for 1s, 100% for 1s$/m,
    );
    expect((await cli('plan', 'get', 'quick')).stdout).toContain('plan: quick');
    const { code, stderr } = await cli('segment', 'remove', 'staff');
    expect(code).toBe(1);
    expect(stderr).toContain('segment_in_use');
  });

  it('explains what a context gets, also at an earlier version', async () => {
    const context = '{"email":"x@acme.test"}';
    const now = await cli('explain', 'for-staff', '--key', 'user-7', '--context', context);
    expect(now.code).toBe(0);
    expect(now.stdout).toContain('true (variant on)');
    const { version } = JSON.parse(
      (await cli('explain', 'for-staff', '-k', 'user-7', '--json')).stdout,
    );
    const first = JSON.parse((await cli('flag', 'get', 'for-staff', '--json')).stdout)
      .version as number;
    expect(version).toBeGreaterThanOrEqual(first);
    const then = await cli(
      'explain',
      'for-staff',
      '-k',
      'user-7',
      '--at-version',
      String(first - 1),
    );
    expect(then.stdout + then.stderr).not.toContain('true (variant on)');
  });

  it('overrides single units', async () => {
    const { code } = await cli('flag', 'override', 'first', '--set', 'user-7=on');
    expect(code).toBe(0);
    expect((await cli('explain', 'first', '-k', 'user-7')).stdout).toContain('true (variant on)');
    await cli('flag', 'override', 'first', '--clear', 'user-7');
    expect((await cli('explain', 'first', '-k', 'user-7')).stdout).toContain('false (variant off)');
  });

  it('archives a flag', async () => {
    expect((await cli('flag', 'archive', 'second')).code).toBe(0);
    expect((await cli('flag', 'list')).stdout).not.toContain('second');
    expect((await cli('flag', 'list', '--archived')).stdout).toMatch(/^second +archived/m);
  });

  it('exports the snapshot', async () => {
    const { stdout } = await cli('snapshot', 'export');
    expect(JSON.parse(stdout)).toMatchObject({ environment: 'production', flags: { first: {} } });
    const { code } = await cli('snapshot', 'export', '-o', 'snapshot.json');
    expect(code).toBe(0);
  });
});
