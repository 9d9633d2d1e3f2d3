import { describe, expect, it } from 'vitest';
import { withTokenToRetire } from '../../src/command/token-to-retire.ts';

const SECRET = `dh_admin_0123456789ab_${'0'.repeat(64)}`;

describe('a token behind `instances --retire`', () => {
  it.each([
    ['instances --retire --token 0123456789ab', 'instances --retire --of-token 0123456789ab'],
    ['instances --retire --token=0123456789ab', 'instances --retire --of-token=0123456789ab'],
    ['instances --token 0123456789ab --retire', 'instances --of-token 0123456789ab --retire'],
    [
      `--token ${SECRET} instances --retire --token 0123456789ab`,
      `--token ${SECRET} instances --retire --of-token 0123456789ab`,
    ],
    [`instances --retire a --token ${SECRET}`, `instances --retire a --token ${SECRET}`],
    [`instances --retire a --token=${SECRET}`, `instances --retire a --token=${SECRET}`],
    ['instances --token 0123456789ab', 'instances --token 0123456789ab'],
    ['down flag --token 0123456789ab', 'down flag --token 0123456789ab'],
  ])('names one by its id, and is one to speak with by its secret: %s', (given, read) => {
    expect(withTokenToRetire(given.split(' ')).join(' ')).toBe(read);
  });
});
