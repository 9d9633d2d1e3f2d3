import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliResult, runCli } from '../support/cli.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const page = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');

const BASKET = `metric: basket.value
kind: mean
worse: lower
window: 1m
owner: team-checkout
description: What a user spends.
`;
const planOn = (metric: string) => `plan: canary
baseline: 5m
stages: [{ share: 10%, bake: 1m }, { share: 100%, bake: 1m }]
guardrails:
  - metric: ${metric}
    margin: { relative: 5% }
`;

describe('metrics', () => {
  let server: TestServer;
  const cli = (args: readonly string[], stdin = ''): Promise<CliResult> =>
    runCli(server, args, { stdin });

  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());

  it('are put as the page about them writes them', async () => {
    const documents = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text]) => text ?? '');
    expect(documents.length).toBeGreaterThan(5);
    const { code, stdout, stderr } = await cli(['metric', 'put', '-'], documents.join('---\n'));
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.match(/^metric .* is put/gm)).toHaveLength(documents.length);
    const list = (await cli(['metric', 'list'])).stdout;
    expect(list).toMatch(/^basket\.value +mean +lower +team-checkout +\d+$/m);
    const ready = [...page.matchAll(/^\| (`.*?) \| (share|quantile|mean|conv|ret)/gm)];
    expect(ready.length).toBeGreaterThan(5);
    expect(list).toMatch(/^http\.denied +share +higher +downhaul +built in$/m);
  });

  it('come back as a document that changes nothing when it is put again', async () => {
    await cli(['metric', 'put', '-'], BASKET);
    const { stdout } = await cli(['metric', 'get', 'basket.value']);
    expect(stdout).toContain('aggregate: sum');
    const again = await cli(['metric', 'put', '-'], stdout);
    expect(again.stdout).toContain('metric basket.value is as it was');
    const changed = await cli(['metric', 'put', '-'], `${BASKET}cap: 100\n`);
    expect(changed.stdout).toContain('is put');
    const stale = await cli(['metric', 'put', '-'], `${stdout}cap: 50\n`);
    expect(stale.code).not.toBe(0);
    expect(stale.stderr).toContain('changed meanwhile');
  });

  it('go before the plan that names them, whatever their order in the file', async () => {
    const { code, stdout } = await cli(
      ['plan', 'put', '-'],
      `${planOn('basket.value')}---\n${BASKET}`,
    );
    expect(code).toBe(0);
    expect(stdout.indexOf('metric basket.value')).toBeLessThan(stdout.indexOf('plan canary'));
  });

  it('that are unknown are pointed at in the file, with the name that was meant', async () => {
    await cli(['metric', 'put', '-'], BASKET);
    const file = join(server.directory, 'plan.yaml');
    writeFileSync(file, planOn('basket.vlaue'));
    const { code, stderr } = await cli(['plan', 'put', file]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('plan.yaml:5');
    expect(stderr).toContain('basket.value, if that was meant');
  });

  it('are removed once nothing names them', async () => {
    await cli(['plan', 'put', '-'], `${BASKET}---\n${planOn('basket.value')}`);
    const used = await cli(['metric', 'remove', 'basket.value']);
    expect(used.stderr).toContain('plan canary');
    await cli(['plan', 'put', '-'], planOn('http.error_rate'));
    expect((await cli(['metric', 'remove', 'basket.value'])).code).toBe(0);
    expect((await cli(['metric', 'get', 'basket.value'])).stderr).toContain('There is no metric');
  });
});
