import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkoutFlag, unguardedPlan } from '../support/documents.ts';
import { type Api, startTestServer, type TestServer } from '../support/server.ts';
import { issue, must, positionOf } from '../support/setup.ts';

const PATH = '/projects/default/documents';
const FLAG = '/projects/default/flags/new-checkout';
const segment = {
  segment: 'staff',
  owner: 'me',
  if: { attribute: 'email', endsWith: '@acme.test' },
};
const metric = { metric: 'delay', kind: 'mean', worse: 'higher', owner: 'me', description: 'd' };
const rules = [{ name: 'staff', if: { segment: 'staff' }, serve: 'on' }];
const production = { serve: 'off', rules, rollout: { plan: 'canary', to: 'on' } };
const flag = checkoutFlag({ environments: { production, staging: { serve: 'off' } } });

describe('documents over HTTP', () => {
  let server: TestServer;
  let api: Api;
  let ben: Api;
  beforeEach(async () => {
    server = await startTestServer();
    api = server.api;
    ben = await asPerson('ben', 'change');
  });
  afterEach(() => server.dispose());

  const asPerson = async (name: string, right: string): Promise<Api> =>
    (await issue(server, { name, kind: 'person', rights: [right] })).api;

  const putAll = (...documents: readonly object[]) => api('POST', PATH, { documents });
  const family = () => putAll(flag, unguardedPlan(), metric, segment);

  it('puts several in any order as one change', async () => {
    const before = await positionOf(server);
    const { body } = await must(family());
    expect(body).toMatchObject({
      changed: true,
      position: before + 4,
      documents: [
        { kind: 'flag', key: 'new-checkout', changed: true, created: true, version: before + 4 },
        { kind: 'plan', key: 'canary', changed: true },
        { kind: 'metric', key: 'delay', changed: true },
        { kind: 'segment', key: 'staff', changed: true, version: before + 1 },
      ],
    });
    expect((await must(family())).body).toMatchObject({ changed: false, position: before + 4 });
    server = await server.restart();
    expect((await must(server.api('GET', FLAG))).body.version).toBe(before + 4);
  });

  it('puts none where one is refused, whatever is wrong with it', async () => {
    const before = await positionOf(server);
    const shape = await putAll(segment, { ...flag, kind: 'relaese' }, { owner: 'nobody' });
    expect(shape).toMatchObject({
      status: 400,
      body: {
        details: {
          problems: [
            { code: 'document_value', path: '/documents/1/kind', accepted: expect.any(String) },
            { code: 'document_kind', path: '/documents/2' },
          ],
        },
      },
    });
    const meaning = await putAll(segment, { ...flag, safe: 'x' });
    expect(meaning).toMatchObject({
      status: 422,
      body: { code: 'flag_variant_unknown', path: '/documents/1/safe' },
    });
    expect(await positionOf(server)).toBe(before);
    expect((await api('GET', '/projects/default/segments/staff')).status).toBe(404);
  });

  it('answers a retry as the first time', async () => {
    const headers = { 'idempotency-key': 'k' };
    const ask = () => api('POST', PATH, { documents: [segment] }, headers);
    const first = await must(ask());
    await must(ben('PUT', '/projects/default/segments/staff', { ...segment, owner: 'ben' }));
    expect((await must(ask())).body).toEqual(first.body);
    expect((await must(api('GET', '/projects/default/segments/staff'))).body.owner).toBe('ben');
  });

  it('says what would change, or why it would be refused, and changes nothing', async () => {
    await must(family());
    const before = await positionOf(server);
    const changed = { ...flag, owner: 'others' };
    const dry = await must(api('PUT', `${FLAG}?dryRun=true`, changed));
    expect(dry.body).toMatchObject({
      dryRun: true,
      changed: true,
      changes: [{ field: '/owner', text: 'owner: team-checkout → others' }],
    });
    const many = await must(api('POST', `${PATH}?dryRun=true`, { documents: [changed, segment] }));
    expect(many.body).toMatchObject({
      dryRun: true,
      documents: [{ changed: true }, { changed: false }],
    });
    for (const [path, document, code] of [
      [FLAG, { ...flag, environments: { production } }, 'document_takes_away'],
      [
        FLAG,
        {
          ...flag,
          environments: { ...flag.environments, production: { ...production, serve: 'on' } },
        },
        'flag_raise_at_once',
      ],
      [
        '/projects/default/segments/staff',
        { ...segment, version: 1, owner: 'x' },
        'version_conflict',
      ],
      ['/projects/default/plans/canary', unguardedPlan({ stages: [] }), 'plan_stages_empty'],
      [
        '/projects/default/metrics/delay',
        { ...metric, kind: 'share', worse: 'lower' },
        'metric_worse_impossible',
      ],
    ] as const) {
      expect((await api('PUT', `${path}?dryRun=true`, document)).body.code).toBe(code);
    }
    expect(await positionOf(server)).toBe(before);
    expect((await must(api('PUT', FLAG, changed))).body.changed).toBe(true);
  });

  it.each([
    ['flags', 'new-checkout'],
    ['plans', 'canary'],
    ['metrics', 'delay'],
    ['segments', 'staff'],
  ])('gives a document of %s that is put again as it is', async (kind, key) => {
    await must(family());
    const path = `/projects/default/${kind}/${key}`;
    const { document, version } = (await must(api('GET', path))).body;
    expect(document.version).toBe(version);
    expect((await must(api('PUT', path, document))).body).toMatchObject({
      changed: false,
      version,
    });
  });

  it('refuses a document of a version that somebody changed since, and says who changed what', async () => {
    await must(family());
    const read = (await must(api('GET', FLAG))).body.document;
    const theirs = {
      ...read,
      owner: 'ben',
      environments: { ...read.environments, production: { ...production, rules: [] } },
    };
    await must(ben('PUT', FLAG, theirs));
    const late = await api('PUT', FLAG, { ...read, purpose: 'mine' });
    expect(late).toMatchObject({
      status: 409,
      body: {
        code: 'version_conflict',
        path: '/version',
        details: {
          moved: [
            {
              subject: 'flag:new-checkout',
              expected: read.version,
              meanwhile: [
                {
                  by: { name: 'ben' },
                  changes: [
                    'owner: team-checkout → ben',
                    expect.stringMatching(/^production: rule `staff` removed, was /),
                  ],
                },
              ],
            },
          ],
        },
      },
    });
    const many = await api('POST', PATH, { documents: [{ ...read, purpose: 'mine' }] });
    expect(many.body).toMatchObject({
      path: '/documents/0/version',
      details: { moved: [{ meanwhile: [{ by: { name: 'ben' } }] }] },
    });
  });

  it('names what a document without a version takes back of what others changed', async () => {
    await must(family());
    const { body: theirs } = await must(
      ben('PUT', FLAG, { ...flag, owner: 'ben', purpose: 'theirs' }),
    );
    expect(theirs.others).toEqual([]);
    const mine = { ...flag, purpose: 'mine' };
    const expected = [
      { field: '/owner', by: { name: 'ben' }, version: theirs.version, takenBack: true },
      { field: '/purpose', by: { name: 'ben' }, takenBack: false },
    ];
    const dry = await must(api('POST', `${PATH}?dryRun=true`, { documents: [mine] }));
    expect(dry.body.documents[0].others).toMatchObject(expected);
    const put = await must(api('PUT', FLAG, mine));
    expect(put.body.others).toMatchObject(expected);
    expect((await must(api('PUT', FLAG, { ...mine, owner: 'again' }))).body.others).toEqual([]);
  });

  it('keeps what a document does not mention, and lets go of what it says', async () => {
    await must(family());
    const without = { ...flag, environments: { production } };
    const refused = await api('PUT', FLAG, without);
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'document_takes_away',
        path: '/environments',
        accepted: expect.stringContaining('staging: { removed: true }'),
      },
    });
    const said = { ...flag, environments: { production, staging: { removed: true } } };
    expect((await must(api('PUT', FLAG, said))).body.changes).toMatchObject([
      {
        field: '/environments/staging',
        text: expect.stringContaining('environment `staging` removed'),
      },
    ]);
    expect((await must(api('PUT', FLAG, said))).body.changed).toBe(false);
    expect((await must(api('PUT', FLAG, without))).body.changed).toBe(false);
  });

  it('needs the right to change, for a dry run too', async () => {
    const cy = await asPerson('cy', 'view');
    const answer = await cy('POST', `${PATH}?dryRun=true`, { documents: [segment] });
    expect(answer).toMatchObject({ status: 403, body: { code: 'token_right_missing' } });
  });
});
