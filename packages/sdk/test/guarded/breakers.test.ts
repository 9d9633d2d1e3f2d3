import { describe, expect, it } from 'vitest';
import { createDiagnostics } from '../../src/client/diagnostics.ts';
import { Breakers } from '../../src/guarded/breakers.ts';
import { SnapshotHolder } from '../../src/snapshot/holder.ts';
import { booleanFlag, snapshotOf } from '../support/snapshots.ts';

function start() {
  let nowMs = 0;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const diagnostics = createDiagnostics({ clock, logger, onEvent: undefined });
  const holder = new SnapshotHolder();
  const breakers = new Breakers({ holder, diagnostics, clock });
  const fail = (version: number, times: number) => {
    for (let time = 0; time < times; time++) breakers.record({ flag: 'flag', version }, true);
  };
  return { breakers, holder, fail, advance: (ms: number) => (nowMs += ms) };
}

describe('a breaker', () => {
  it('is of one version of the flag: a scope that still sees another goes on', () => {
    const { breakers, fail } = start();
    fail(2, 5);
    expect(breakers.isOpen({ flag: 'flag', version: 2 })).toBe(true);
    expect(breakers.isOpen({ flag: 'flag', version: 1 })).toBe(false);
    expect(breakers.isOpen({ flag: 'other', version: 2 })).toBe(false);
  });

  it('needs five failures in a row: a success starts the count anew', () => {
    const { breakers, fail } = start();
    fail(1, 4);
    breakers.record({ flag: 'flag', version: 1 }, false);
    fail(1, 4);
    expect(breakers.isOpen({ flag: 'flag', version: 1 })).toBe(false);
    fail(1, 1);
    expect(breakers.isOpen({ flag: 'flag', version: 1 })).toBe(true);
  });

  it('forgets failures of an earlier window', () => {
    const { breakers, advance } = start();
    const mixed = (calls: number) => {
      for (let call = 0; call < calls; call++) {
        breakers.record({ flag: 'flag', version: 1 }, call % 2 === 0);
      }
    };
    mixed(18);
    advance(31_000);
    mixed(18);
    expect(breakers.isOpen({ flag: 'flag', version: 1 })).toBe(false);
    mixed(2);
    expect(breakers.isOpen({ flag: 'flag', version: 1 })).toBe(true);
  });

  it('is forgotten with the version, and with the flag', () => {
    const { breakers, holder, fail } = start();
    fail(1, 5);
    holder.adopt(snapshotOf(1, [booleanFlag('flag', { version: 1 })]), 'stream');
    expect(breakers.isOpen({ flag: 'flag', version: 1 })).toBe(true);
    holder.adopt(snapshotOf(2, []), 'stream');
    expect(breakers.isOpen({ flag: 'flag', version: 1 })).toBe(false);
  });
});
