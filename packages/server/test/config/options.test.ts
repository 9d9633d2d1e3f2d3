import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  flagOf,
  OPTION_NAMES,
  type OptionEntry,
  OPTIONS,
  variableOf,
} from '../../src/config/options.ts';
import { readOptions } from '../../src/config/read-options.ts';

describe('options', () => {
  it('have defaults', () => {
    expect(readOptions({})).toMatchObject({
      dataDirectory: '.downhaul',
      host: '127.0.0.1',
      port: 8080,
      insecurePlain: false,
      reportInterval: 10_000,
    });
  });

  it('are taken from the flag before the variable before the configuration', () => {
    const configuration = { port: 1, reportInterval: '1s', heartbeat: '1s' };
    const environment = { DOWNHAUL_PORT: '2', DOWNHAUL_REPORT_INTERVAL: '2s' };
    const options = readOptions({ argv: ['--port', '3'], environment, configuration });
    expect(options).toMatchObject({ port: 3, reportInterval: 2_000, heartbeat: 1_000 });
  });

  it.each([
    [{ argv: ['--nope'] }, /--nope/],
    [{ configuration: { nope: 1 } }, /no option `nope`/],
    [{ configuration: { port: {} } }, /port must be/],
    [{ environment: { DOWNHAUL_PORT: 'x' } }, /DOWNHAUL_PORT must be a whole number/],
    [{ environment: { DOWNHAUL_HEARTBEAT: '0s' } }, /must be a duration/],
    [{ configuration: { insecurePlain: 'maybe' } }, /true or false/],
  ])('refuse %j', (sources, message) => {
    expect(() => readOptions(sources)).toThrow(message);
  });

  it.each(OPTION_NAMES)('%s stands in the README', (name) => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${flagOf(name)}\``));
    const entry: OptionEntry = OPTIONS[name];
    expect(row).toContain(variableOf(name));
    expect(row).toContain(entry.description);
    if (entry.default !== undefined) expect(row).toContain(`\`${entry.default}\``);
  });
});
