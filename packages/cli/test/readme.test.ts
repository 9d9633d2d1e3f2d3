import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { groups } from '../src/command/groups.ts';
import { commands } from '../src/command/list.ts';
import { EXIT, exitCodeMeanings } from '../src/exit-code.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('lists every command, and no others', () => {
    const table = /## Commands\n([^]*?)\n## /.exec(readme)?.[1] ?? '';
    const cells = [...table.matchAll(/^\| (`.*?) \|/gm)].map(([, cell]) => cell ?? '');
    const listed = cells.flatMap((cell) =>
      [...cell.matchAll(/`([a-z]+(?: [a-z][a-z-]*)?)/g)].map(([, words]) => words),
    );
    expect(new Set(listed)).toEqual(new Set(commands.map(({ words }) => words.join(' '))));
  });

  it('has the table of exit codes as the command prints it', () => {
    const rows = [...readme.matchAll(/^\| +(\d+) +\| (.*?) +\|$/gm)];
    expect(rows.map(([, code, meaning]) => ({ code: Number(code), meaning }))).toEqual(
      exitCodeMeanings,
    );
  });
});

describe('the commands', () => {
  it('give every exit code one meaning', () => {
    expect(new Set(Object.values(EXIT))).toEqual(new Set(exitCodeMeanings.map(({ code }) => code)));
    expect(exitCodeMeanings).toHaveLength(Object.values(EXIT).length);
  });

  it('have words of their own and groups with a description', () => {
    const words = commands.map((command) => command.words.join(' '));
    expect(new Set(words).size).toBe(words.length);
    const used = new Set(
      commands.filter(({ words: { length } }) => length === 2).map(({ words: [first] }) => first),
    );
    expect(new Set(Object.keys(groups))).toEqual(used);
  });

  it('stand in the file that is named after them', async () => {
    for (const { words } of commands) {
      const module = (await import(
        new URL(`../src/command/${words.join('/')}.ts`, import.meta.url).href
      )) as Record<string, { words?: unknown }>;
      expect(Object.values(module).map((value) => value.words)).toContain(words);
    }
  });
});
