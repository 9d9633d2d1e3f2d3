import { describe, expect, it } from 'vitest';
import { addressKey } from '../../src/connections/address-key.ts';
import { connectionLimits } from '../../src/connections/limits.ts';
import { type Stranger, Strangers } from '../../src/connections/strangers.ts';

const LIMITS = { strangers: 10, strangersPerAddress: 4 };
const stranger = (address: string, openedAtMs: number): Stranger => ({ address, openedAtMs });

describe('connections without a token', () => {
  it('from one address stay few: its own oldest goes, once it had time to send a request', () => {
    const strangers = new Strangers(LIMITS);
    const own = [0, 1, 2, 3].map((atMs) => stranger('a', atMs));
    for (const each of own) expect(strangers.add(each)).toBeUndefined();
    expect(strangers.add(stranger('a', 500))).toBeUndefined();
    expect(strangers.add(stranger('a', 2_000))).toBe(own[0]);
    expect(strangers.size).toBe(5);
  });

  it('are at most so many: who has the most gives way, whoever comes gets in', () => {
    const strangers = new Strangers(LIMITS);
    const quiet = stranger('quiet', 0);
    strangers.add(quiet);
    const loud = Array.from({ length: 9 }, (_, index) => stranger('loud', 1 + index));
    for (const each of loud) expect(strangers.add(each)).toBeUndefined();
    expect(strangers.add(stranger('person', 20))).toBe(loud[0]);
    for (let index = 0; index < 1_000; index += 1) {
      expect(strangers.add(stranger('loud', 21 + index / 10_000))?.address).toBe('loud');
    }
    expect([...strangers]).toContain(quiet);
    expect(strangers.size).toBe(10);
  });

  it('who left makes room', () => {
    const strangers = new Strangers({ strangers: 1, strangersPerAddress: 1 });
    const first = stranger('a', 0);
    strangers.add(first);
    strangers.remove(first);
    strangers.remove(first);
    expect(strangers.add(stranger('a', 9_000))).toBeUndefined();
    expect(strangers.size).toBe(1);
  });

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('counts %s with %s', (address, key) => expect(addressKey(address)).toBe(key));

  it.each([
    [256, undefined, { strangers: 48, strangersPerAddress: 6, sdk: 144 }],
    [1_024, undefined, { strangers: 240, strangersPerAddress: 30, sdk: 720 }],
    [1_048_576, undefined, { strangers: 4_096, strangersPerAddress: 512, sdk: 1_044_416 }],
    [1_024, 5_000, { strangers: 480, strangersPerAddress: 60, sdk: 480 }],
    [1_024, 1, { strangers: 1, strangersPerAddress: 1, sdk: 959 }],
  ])(
    'with %i open files and the option %s are limited so that all fit',
    (files, chosen, limits) => {
      expect(connectionLimits(files, chosen)).toEqual(limits);
    },
  );
});
