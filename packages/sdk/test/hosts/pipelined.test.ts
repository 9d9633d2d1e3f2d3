import { unitHash } from '@downhaul/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { FakeServer } from '../support/fake-server.ts';
import { UNIT_SALT, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { buildPackage, nodes, runFixture } from './nodes.ts';

describe.each(nodes)('on Node $major', ({ path }) => {
  beforeAll(buildPackage, 120_000);

  it.skipIf(path === undefined)(
    'listeners of a response run in the scope of its own request, where many are pipelined',
    async () => {
      const flag = rolloutFlag('flag', 50, { metrics: ['checkout.completed'] });
      const server = await FakeServer.start(snapshotOf(1, [flag]));
      await runFixture(path ?? '', { script: 'pipelined.mjs', args: [server.url] });
      await server.stop();
      const counted = new Map<string, number>();
      for (const { unit, value } of server.outcomes) {
        counted.set(unit, (counted.get(unit) ?? 0) + value);
      }
      const users = Array.from({ length: 100 }, (_, number) => number);
      const tracked = users.filter((number) => number % 2 === 0 && number % 10 !== 0);
      // Once in `node:http` and once in express.
      expect([...counted].sort()).toEqual(
        tracked.map((number) => [unitHash(UNIT_SALT, `user-${number}`), 2]).sort(),
      );
    },
    60_000,
  );
});
