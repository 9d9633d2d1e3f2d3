import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const launcher = fileURLToPath(new URL('../bin/downhaul.js', import.meta.url));
const elsewhere = mkdtempSync(join(tmpdir(), 'downhaul-launcher-'));
afterAll(() => rmSync(elsewhere, { recursive: true }));

/** Runs a launcher in a process that believes to be an old Node. */
function runAsOldNode(file: string, ...args: string[]) {
  const disguise = join(elsewhere, 'disguise.cjs');
  writeFileSync(
    disguise,
    `if (!process.env.DOWNHAUL_HANDED_OVER) Object.defineProperty(process.versions, 'node', { value: '18.20.4' });`,
  );
  return spawnSync(process.execPath, ['--require', disguise, file, ...args], { encoding: 'utf8' });
}

describe('the launcher', () => {
  it('runs the sources of a checkout', () => {
    const { status, stdout } = spawnSync(process.execPath, [launcher, '--version'], {
      encoding: 'utf8',
    });
    const { version } = JSON.parse(
      readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect(status).toBe(0);
    expect(stdout.trim()).toBe(version);
  });

  it('hands over to a newer Node that is installed beside it', () => {
    const { status, stdout } = runAsOldNode(launcher, 'help', 'exit-codes');
    expect(status).toBe(0);
    expect(stdout).toContain('somebody else');
  });

  it('passes the exit code on', () => {
    expect(runAsOldNode(launcher, 'nonsense').status).toBe(2);
  });

  it('says in one line what to do where there is none', () => {
    const bin = join(elsewhere, 'bin');
    mkdirSync(bin);
    copyFileSync(launcher, join(bin, 'downhaul.js'));
    const { status, stderr } = runAsOldNode(join(bin, 'downhaul.js'), '--version');
    expect(status).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('needs Node 24 or newer and this is 18.20.4');
  });

  it('can be read by every Node: no syntax newer than 2017 in it', () => {
    const text = readFileSync(launcher, 'utf8');
    expect(text).not.toMatch(/=>|`\$|\?\.|\?\?|\bconst\b|\blet\b|\basync\b/);
  });
});
