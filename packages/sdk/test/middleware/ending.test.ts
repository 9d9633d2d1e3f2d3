import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type Ending,
  type Http1Signs,
  type Http2Signs,
  endingOf,
  readAdapter,
  readHttp1,
  readHttp2,
} from '../../src/middleware/ending.ts';

interface Row {
  /** Undefined: whatever it is. */
  readonly conditions: readonly (boolean | undefined)[];
  readonly result: string;
}

const page = readFileSync(new URL('../../../../docs/outcomes.md', import.meta.url), 'utf8');

/** The rows of the table whose head begins with these columns. */
function tableOf(firstColumns: string): Row[] {
  const lines = page.split('\n');
  const head = lines.findIndex((line) => line.replaceAll(/\s+/g, ' ').startsWith(firstColumns));
  expect(head, firstColumns).toBeGreaterThan(-1);
  const end = lines.findIndex((line, index) => index > head && !line.startsWith('|'));
  return lines.slice(head + 2, end).map((line) => {
    const cells = line.split('|').slice(1, -1);
    const words = cells.map((cell) => cell.trim());
    const conditions = words.slice(0, -1).map((word) => (word === '–' ? undefined : isYes(word)));
    return { conditions, result: words.at(-1) ?? '' };
  });
}

function isYes(word: string): boolean {
  expect(['yes', 'no']).toContain(word);
  return word === 'yes';
}

/** What the table says of these facts: the first row that applies. */
function decided(rows: readonly Row[], facts: readonly boolean[]): string | undefined {
  return rows.find(({ conditions }) => {
    expect(conditions).toHaveLength(facts.length);
    return conditions.every((each, index) => each === undefined || each === facts[index]);
  })?.result;
}

function combinations(length: number): boolean[][] {
  return Array.from({ length: 2 ** length }, (_, number) =>
    Array.from({ length }, (_bit, bit) => ((number >> bit) & 1) === 1),
  );
}

const WORDS: Readonly<Record<Ending, string>> = {
  good: 'good',
  bad: 'bad',
  aborted: 'aborted',
  uncounted: 'not counted',
};

function wordOf({ complete, clientLeft }: { complete: boolean; clientLeft: boolean }): string {
  expect(complete && clientLeft).toBe(false);
  if (complete) return 'complete';
  return clientLeft ? 'client left' : 'neither';
}

describe('the tables of docs/outcomes.md', () => {
  it('say how every combination of facts counts', () => {
    const rows = tableOf('| upgraded |');
    for (const facts of combinations(5)) {
      const [upgraded, failed, threw, complete, clientLeft] = facts as [
        boolean,
        boolean,
        boolean,
        boolean,
        boolean,
      ];
      const ending = endingOf({ upgraded, failed, threw, complete, clientLeft });
      expect(WORDS[ending], facts.join(' ')).toBe(decided(rows, facts));
    }
  });

  it('say how every combination of signs of HTTP/1 is read', () => {
    const rows = tableOf('| at `finish` | response destroyed |');
    const names: (keyof Http1Signs)[] = [
      'finishing',
      'destroyed',
      'socketDestroyed',
      'socketReset',
      'peerEnded',
      'halfOpenAllowed',
    ];
    for (const facts of combinations(names.length)) {
      const reading = readHttp1(named(names, facts));
      expect(wordOf(reading), facts.join(' ')).toBe(decided(rows, facts));
    }
  });

  it('say how every combination of signs of HTTP/2 is read', () => {
    const rows = tableOf('| head sent |');
    const names: (keyof Http2Signs)[] = [
      'headSent',
      'aborted',
      'flushed',
      'closed',
      'failed',
      'brokenHere',
    ];
    for (const facts of combinations(names.length)) {
      const reading = readHttp2(named(names, facts));
      expect(wordOf(reading), facts.join(' ')).toBe(decided(rows, facts));
    }
  });

  it('say how every combination of signs without a connection is read', () => {
    const rows = tableOf('| at `finish` | ended |');
    for (const facts of combinations(4)) {
      const [finishing, ended, errored, requestAborted] = facts as [
        boolean,
        boolean,
        boolean,
        boolean,
      ];
      const reading = readAdapter({ finishing, ended, errored, requestAborted });
      expect(wordOf(reading), facts.join(' ')).toBe(decided(rows, facts));
    }
  });
});

/** The facts under their names, in this order. */
function named<Name extends string>(
  names: readonly Name[],
  facts: readonly boolean[],
): Record<Name, boolean> {
  return Object.fromEntries(names.map((name, index) => [name, facts[index]])) as Record<
    Name,
    boolean
  >;
}
