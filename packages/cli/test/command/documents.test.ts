import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import type { CliResult } from '../support/cli.ts';
import { startTestServer } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const DOCUMENTS = `flag: wide
kind: experiment
type: object
owner: me
purpose: "says: 'yes' # really"
variants:
  a: { text: "on", number: 1.5, list: [1, "010", null] }
  b: {}
safe: b
affects: [shop]
expires: 2027-03-01
environments:
  production:
    serve: b
    rules:
      - name: halves
        if: { any: [{ segment: staff }, { attribute: tenant, in: ["7", 7, true] }] }
        split: { unit: tenant, salt: s, weights: [{ variant: a, weight: 1 }, { variant: b, weight: 1 }] }
    rollout:
      to: a
      plan:
        stages: [{ share: 0.5%, bake: 90m, audience: { tenants: [acme] } }, { share: 100%, bake: 1d, plus: [{ audience: { segments: [staff] }, share: 100% }] }]
---
plan: careful
baseline: 1h
stages:
  - { share: 2.5%, bake: 30m, minimumSample: 100 }
  - { share: 100%, bake: 24h }
guardrails:
  - { metric: http.error_rate, margin: { relative: 5%, absolute: 0.0005 } }
  - { metric: http.latency, quantile: p99.9, margin: { relative: 10% }, budget: { objective: 99.9% } }
  - { metric: basket, margin: { relative: 2% } }
slices: [platform]
watch: { for: 7d }
horizons: [1m, 5m]
holdback: 1%
---
metric: basket
kind: mean
worse: lower
unit: EUR
cap: 500
window: 30m
owner: me
description: what a basket is worth
---
segment: staff
owner: me
if: { attribute: email, endsWith: "@acme.test" }
`;

const SUBJECTS = [
  ['flag', 'wide'],
  ['plan', 'careful'],
  ['metric', 'basket'],
  ['segment', 'staff'],
] as const;

describe('documents on the command line', () => {
  let server: TestServer;
  const cli = (args: readonly string[], stdin = ''): Promise<CliResult> =>
    runCli(server, args, { stdin });
  const put = (stdin: string, ...args: string[]) => cli(['flag', 'put', '-', ...args], stdin);
  const get = async (kind: string, key: string) => (await cli([kind, 'get', key])).stdout;

  beforeAll(async () => {
    server = await startTestServer();
    const { code, stderr } = await put(DOCUMENTS, '--at-once', '-j', 'test');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
  afterAll(() => server.close());

  it.each(SUBJECTS)('what `%s get` prints, `put` takes, and nothing changes', async (kind, key) => {
    const document = await get(kind, key);
    const { code, stdout } = await put(document);
    expect(stdout).toBe(
      `${kind} ${key} is as it was, version ${/^version: (\d+)$/m.exec(document)?.[1]}\n`,
    );
    expect(code).toBe(0);
    expect((await cli([kind, 'get', key])).stdout).toBe(document);
  });

  it('takes everything that is printed as one file', async () => {
    const all = await Promise.all(SUBJECTS.map(([kind, key]) => get(kind, key)));
    const { stdout } = await put(all.join('---\n'));
    expect(stdout.split('\n').filter((line) => line.includes(' is as it was'))).toHaveLength(4);
  });

  it('says field by field what a dry run would change, and then what a put changed', async () => {
    const document = (await get('flag', 'wide'))
      .replace('owner: me', 'owner: you')
      .replace(/      - name: halves[^]*?(?=    rollout:)/, '')
      .replace('rules:\n', 'rules: []\n');
    const dry = await put(document, '--dry-run');
    expect(dry.stdout).toMatch(
      /^flag wide would be put\n {2}owner: me → you\n {2}production: rule `halves` removed, was .+\nnothing was changed: this was a dry run\n$/,
    );
    expect(await get('flag', 'wide')).toContain('owner: me');
    const { stdout, code } = await put(document);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^flag wide is put, version \d+\n {2}owner: me → you\n {2}production: rule `halves` removed/,
    );
  });

  it('refuses what was read before somebody else changed it, and shows their change', async () => {
    const document = await get('segment', 'staff');
    expect((await put(document.replace('owner: me', 'owner: other'))).code).toBe(0);
    const { code, stderr } = await put(document.replace('@acme.test', '@example.test'));
    expect(code).toBe(6);
    expect(stderr).toContain('version_conflict');
    expect(stderr).toContain('version: ');
    expect(stderr).toMatch(/segment:staff was read at version \d+ and is at \d+/);
    expect(stderr).toContain('    owner: me → other');
  });

  it('refuses to take an environment away by leaving it out, with the line and the word for it', async () => {
    const document = (await get('flag', 'wide')).replace(
      / {2}production:\n[^]*?(?=^version)/m,
      '  staging: { serve: b }\n',
    );
    const { code, stderr } = await put(document);
    expect(code).toBe(1);
    expect(stderr).toContain('document_takes_away');
    expect(stderr).toMatch(/-:\d+:3\n/);
    expect(stderr).toContain('production: { removed: true }');
  });
});
