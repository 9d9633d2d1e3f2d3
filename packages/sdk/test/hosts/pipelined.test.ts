import { unitHash } from '@downhaul/engine';
import { beforeAll, describe, expect, it } from 'vitest';
import { FakeServer } from '../support/fake-server.ts';
import { UNIT_SALT, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { buildPackage, nodes, runFixture } from './nodes.ts';

describe.each(nodes)('on Node $major', ({ path }) => {
  beforeAll(buildPackage, 120_000);

  it.skipIf(path === undefined)(
    'pipelined requests keep their scopes apart, to the last listener of a response',
    async () => {
      const flag = rolloutFlag('flag', 50, { metrics: ['checkout.completed'] });
      const server = await FakeServer.start(snapshotOf(1, [flag]));
      await runFixture(path ?? '', { script: 'pipelined.mjs', args: [server.url] });
      await server.stop();
      const counted = new Map<string, number>();
      const lost = server.outcomes.filter(({ metric }) => metric === 'http.client_abort');
      const units = ['user-lost-1', 'user-lost-2'].map((user) => unitHash(UNIT_SALT, user));
      expect(lost.map(({ unit }) => unit).sort()).toEqual(units.sort());
      for (const { unit, value, metric } of server.outcomes) {
        if (metric !== 'checkout.completed') continue;
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
