import { describe, expect, it } from 'vitest';
import { unitHash } from '@downhaul/engine';
import { type TestClient, startClient, startServer } from '../support/clients.ts';
import { type FakeServer, type Fault, always, problem, readJson } from '../support/fake-server.ts';
import { UNIT_SALT, booleanFlag, rolloutFlag, snapshotOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';

interface Pair {
  readonly server: FakeServer;
  readonly client: TestClient;
}

async function start(sharePercent = 100): Promise<Pair> {
  const server = await startServer(snapshotOf(1, [rolloutFlag('flag', sharePercent)]));
  const client = startClient({ url: server.url });
  await client.ready();
  return { server, client };
}

interface Sent {
  readonly sequence: number;
  readonly sentAtMs: number;
  readonly exposures: readonly unknown[];
}

/** Answers in this way and keeps what was sent. */
function keeping(sent: Sent[], answer: Parameters<typeof always>[0]): Fault {
  return (request, response) => {
    void readJson(request).then((body) => {
      sent.push(body as Sent);
      answer(response);
    });
    return true;
  };
}

/**
 * Loses reports with exposures and keeps what was in them. An empty one that was under way is taken: lost, it would be
 * repeated first, and no exposure would ever be seen.
 */
function losingExposures(sent: Sent[]): Fault {
  return (request, response) => {
    void readJson(request).then((body) => {
      const report = body as Sent;
      if (report.exposures.length === 0) return response.writeHead(202).end('{}');
      sent.push(report);
      return response.destroy();
    });
    return true;
  };
}

describe('telemetry reports', () => {
  it('are sent empty too, with sequences that rise by one', async () => {
    const { server } = await start();
    await until('three are there', () => server.reports.length >= 3);
    expect(server.reports.slice(0, 3)).toMatchObject([
      { sequence: 1, version: 1, exposures: [], outcomes: [], activity: [] },
      { sequence: 2, dropped: { exposures: 0, outcomes: 0 } },
      { sequence: 3 },
    ]);
  });

  it('are repeated with the same number and items until they are answered', async () => {
    const { server, client } = await start();
    await until('one is there', () => server.reports.length > 0);
    const sent: Sent[] = [];
    server.faults.reports = losingExposures(sent);
    client.boolean('flag', false, { targetingKey: 'ada' });
    await until('it was tried twice', () => sent.length > 1);
    delete server.faults.reports;
    await until('it arrived', () => server.exposures.length > 0);
    const first = sent[0]!;
    const arrived = server.reports.find((each) => each.exposures.length > 0)!;
    expect({ ...arrived, sentAtMs: 0 }).toEqual({ ...first, sentAtMs: 0 });
    expect(arrived.sentAtMs).toBeGreaterThan(first.sentAtMs);
    expect(server.exposures).toHaveLength(1);
    expect(server.duplicates).toEqual([]);
  });

  it('are accepted when the server says that it has them already', async () => {
    const { server, client } = await start();
    let isLost = false;
    server.faults.reports = (_request, response) => {
      if (isLost) return false;
      isLost = true;
      // The report arrives, its answer does not.
      response.writeHead = () => response.destroy();
      return false;
    };
    client.boolean('flag', false, { targetingKey: 'ada' });
    await until('one was repeated', () => server.duplicates.length > 0);
    await until('the next one follows', () => server.reports.length > 2);
    expect(server.reports.map((each) => each.sequence).slice(0, 3)).toEqual([1, 2, 3]);
    expect(server.exposures).toHaveLength(1);
  });

  it.each([429, 503])('wait as long as the server asks with %i', async (status) => {
    const { server, client } = await start();
    const sent: Sent[] = [];
    const refuse = keeping(sent, (response) => {
      response.setHeader('retry-after', '1');
      problem(response, status, 'too-many');
    });
    server.faults.reports = refuse;
    client.boolean('flag', false, { targetingKey: 'ada' });
    await until('it was refused twice', () => sent.length > 1);
    expect(sent[1]!.sentAtMs - sent[0]!.sentAtMs).toBeGreaterThanOrEqual(990);
    expect(sent[1]!.sequence).toBe(sent[0]!.sequence);
    delete server.faults.reports;
    await until('it arrived', () => server.exposures.length > 0);
    expect(client.status().dropped).toEqual({ exposures: 0, outcomes: 0, reports: 0 });
  });

  it('that the server refuses are discarded and counted', async () => {
    const { server, client } = await start();
    let refused = 0;
    server.faults.reports = keeping([], (response) => {
      refused += 1;
      problem(response, 422, 'report-invalid');
    });
    client.boolean('flag', false, { targetingKey: 'ada' });
    await until('it was refused', () => client.status().dropped.exposures > 0 && refused > 1);
    delete server.faults.reports;
    await until('the loss is stated', () =>
      server.reports.some((each) => each.dropped.exposures > 0),
    );
    const stated = server.reports.map((each) => each.dropped.exposures);
    expect(stated.reduce((sum, each) => sum + each, 0)).toBe(1);
    expect(client.status().dropped).toMatchObject({ exposures: 1, outcomes: 0 });
    expect(client.events).toContainEqual(
      expect.objectContaining({ type: 'reportDiscarded', code: 'report-invalid' }),
    );
  });

  it('are kept when something else than the server refuses them', async () => {
    const { server, client } = await start();
    let refused = 0;
    server.faults.reports = always((response) => {
      refused += 1;
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html>');
    });
    client.boolean('flag', false, { targetingKey: 'ada' });
    await until('it was refused', () => refused > 1);
    delete server.faults.reports;
    await until('it arrived', () => server.exposures.length > 0);
  });
});

describe('exposures', () => {
  it('are reported once per unit, and again when the stage changes', async () => {
    const { server, client } = await start(50);
    const use = () => {
      for (let user = 0; user < 20; user++) {
        client.boolean('flag', false, { targetingKey: `user-${user}` });
      }
    };
    use();
    use();
    await until('they are reported', () => server.exposures.length === 20);
    await until('the stream is open', () => server.openStreams === 1);
    server.publish(snapshotOf(2, [rolloutFlag('flag', 50), booleanFlag('other')]));
    await until('the version is in use', () => client.status().version === 2);
    use();
    server.publish(snapshotOf(3, [rolloutFlag('flag', 100, { stage: 1 })]));
    await until('the version is in use', () => client.status().version === 3);
    use();
    await until('they are reported again', () => server.exposures.length === 40);
    expect(new Set(server.exposures.map((each) => each.version))).toEqual(new Set([1, 3]));
    const arms = (stage: number) =>
      new Set(server.exposures.filter((each) => each.stage === stage).map((each) => each.arm));
    expect(arms(0)).toEqual(new Set(['control', 'treatment']));
    expect(arms(1)).toEqual(new Set(['treatment']));
    const counts = server.activity.filter((each) => each.version === 2);
    expect(counts.reduce((sum, each) => sum + each.count, 0)).toBe(20);
  });

  it('are not reported for a rollout that is not measured', async () => {
    const server = await startServer(
      snapshotOf(1, [rolloutFlag('flag', 100, { measured: false, metrics: [] })]),
    );
    const client = startClient({ url: server.url });
    await client.ready();
    client.run({ targetingKey: 'ada' }, () => client.boolean('flag', false));
    await until('two reports are there', () => server.reports.length > 1);
    expect([server.exposures, server.outcomes, server.activity]).toEqual([[], [], []]);
  });

  it('carry the unit by its salted hash only, numbers too', async () => {
    const server = await startServer(
      snapshotOf(1, [rolloutFlag('flag', 100, { unit: 'account.id' })]),
    );
    const client = startClient({ url: server.url });
    await client.ready();
    client.boolean('flag', false, { account: { id: 42 } });
    client.boolean('flag', false, { account: { id: 'x'.repeat(500) } });
    client.boolean('flag', false, { targetingKey: 'without account' });
    await until('they are reported', () => server.exposures.length === 2);
    expect(server.exposures.map((each) => each.unit)).toEqual([
      unitHash(UNIT_SALT, '42'),
      unitHash(UNIT_SALT, 'x'.repeat(500)),
    ]);
  });
});

describe('acknowledgements', () => {
  it('are repeated until they are answered, the latest version only', async () => {
    const { server } = await start();
    await until('the first is there', () => server.acknowledgements.length === 1);
    let refused = 0;
    server.faults.acknowledgements = always((response) => {
      refused += 1;
      response.writeHead(503).end();
    });
    await until('the stream is open', () => server.openStreams === 1);
    for (const version of [2, 3, 4])
      server.publish(snapshotOf(version, [booleanFlag(`f${version}`)]));
    await until('they were refused', () => refused > 1);
    delete server.faults.acknowledgements;
    await until('the latest arrived', () => server.acknowledgements.length === 2);
    expect(server.acknowledgements[1]).toMatchObject({
      version: 4,
      reportsExposures: true,
      sdk: { name: '@downhaul/sdk', formatVersion: 1 },
    });
    expect(server.acknowledgements[1]!.capabilities).toContain('rollout');
  });

  it('follow for a version that came while another was being acknowledged', async () => {
    const { server, client } = await start();
    await until('the stream is open', () => server.openStreams === 1);
    let release: () => void = () => undefined;
    server.faults.acknowledgements = (_request, response) => {
      release = () => response.writeHead(204).end();
      return true;
    };
    server.publish(snapshotOf(2, [booleanFlag('a')]));
    await until('it is being acknowledged', () => server.count('acknowledgements') === 2);
    server.publish(snapshotOf(3, [booleanFlag('b')]));
    await until('another version is in use', () => client.status().version === 3);
    delete server.faults.acknowledgements;
    release();
    await until('it is acknowledged too', () => server.acknowledgements.at(-1)?.version === 3);
  });
});

describe('items that the server does not count', () => {
  it('are counted in the status, by cause and over all reports, and told as an event', async () => {
    const { server, client } = await start();
    const accepted = (droppedItems: unknown) => ({ accepted: 0, duplicate: false, droppedItems });
    const answers = [
      accepted({ arm_impossible: 2, future: 1 }),
      accepted({ arm_impossible: 1, ['__proto__']: 'x', odd: -1 }),
      accepted('no object'),
    ];
    server.faults.reports = (_, response) => {
      response.statusCode = 202;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answers.shift() ?? accepted({})));
      return true;
    };
    expect(client.status().droppedItems).toEqual({});
    await until('all were answered', () => answers.length === 0);
    await until('all were read', () => client.status().droppedItems['arm_impossible'] === 3);
    expect(client.status().droppedItems).toEqual({ arm_impossible: 3, future: 1 });
    expect(client.status().dropped).toEqual({ exposures: 0, outcomes: 0, reports: 0 });
    const told = client.events.filter(({ type }) => type === 'itemsDropped');
    expect(told).toMatchObject([
      { items: { arm_impossible: 2, future: 1 } },
      { items: { arm_impossible: 1 } },
    ]);
  });
});
