import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkoutFlag, unguardedPlan } from '../support/documents.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { FLAG, positionOf, putCheckout } from '../support/setup.ts';

const flag = checkoutFlag();
const segment = { segment: 'staff', owner: 'me', if: { attribute: 'tenant', equals: 0 } };
const metric = { metric: 'delay', kind: 'mean', worse: 'higher', owner: 'me', description: 'd' };

/** What each route takes, with a place for something that cannot be read exactly. */
const ROUTES: readonly (readonly [string, string, string, string])[] = [
  [
    'a flag',
    'PUT',
    '/projects/default/flags/new-checkout',
    JSON.stringify({ ...flag, variants: { on: '@', off: '' }, type: 'string' }),
  ],
  [
    'a segment',
    'PUT',
    '/projects/default/segments/staff',
    JSON.stringify({ ...segment, if: { attribute: 'tenant', equals: '@' } }),
  ],
  [
    'a plan',
    'PUT',
    '/projects/default/plans/canary',
    JSON.stringify(unguardedPlan({ harmBudget: '@' })),
  ],
  ['a metric', 'PUT', '/projects/default/metrics/delay', JSON.stringify({ ...metric, cap: '@' })],
  ['overrides', 'PUT', `${FLAG}/overrides`, '[{"unit":"u","variant":"@"}]'],
  ['a context', 'POST', `${FLAG}/explain`, '{"context":{"targetingKey":"u","tenant":"@"}}'],
  [
    'a rehearsal',
    'POST',
    '/projects/default/environments/production/rehearsals',
    '{"plan":"canary","rates":{"x":"@"}}',
  ],
  ['a start', 'POST', `${FLAG}/rollout`, '{"to":"@"}'],
  ['an environment', 'PUT', '/projects/default/environments/e', '{"owner":"@","order":1}'],
  ['a token', 'POST', '/tokens', '{"name":"@","kind":"person"}'],
];

const MARK = '"@"';

describe('a body is read exactly or refused (invariant 12)', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await putCheckout(server.api);
  });
  afterAll(() => server.dispose());

  async function refusalOf(method: string, path: string, body: string | Buffer) {
    const before = await positionOf(server);
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${server.adminToken}`, 'content-type': 'application/json' },
      body,
    });
    const problem: unknown = await response.json();
    expect(await positionOf(server)).toBe(before);
    return { status: response.status, problem };
  }

  describe.each(ROUTES)('%s', (_what, method, path, body) => {
    const lines = body.replace(MARK, `\n${MARK}`);

    it.each([
      ['a number that would become another', '9007199254740993', 'text_number'],
      ['a number that would become infinite', '1e999', 'text_number'],
      ['an escaped NUL', '"\\u0000"', 'text_character'],
      ['half of a surrogate pair', '"\\udfff"', 'text_character'],
    ])('refuses %s, with its line', async (_name, value, code) => {
      const { status, problem } = await refusalOf(method, path, lines.replace(MARK, value));
      expect(status).toBe(400);
      expect(problem).toMatchObject({ code, details: { line: 2, column: 1 } });
    });

    it('refuses a property written twice', async () => {
      const twice = lines.replace(MARK, '"x", "a": 1, "a": 2');
      expect((await refusalOf(method, path, twice)).problem).toMatchObject({
        code: 'text_key_twice',
        details: { line: 2, column: 14 },
      });
    });

    it('refuses bytes that are no UTF-8', async () => {
      const bytes = Buffer.from(lines.replace(MARK, '"caf\u00e9"'), 'latin1');
      expect((await refusalOf(method, path, bytes)).problem).toMatchObject({
        code: 'text_encoding',
        details: { line: 2, column: 5 },
      });
    });
  });

  const flagPath = '/projects/default/flags/new-checkout';

  it('refuses UTF-16, with and without a byte order mark', async () => {
    const utf16 = Buffer.from(`\ufeff${JSON.stringify(flag)}`, 'utf16le');
    expect((await refusalOf('PUT', flagPath, utf16)).problem).toMatchObject({
      code: 'text_encoding',
    });
    expect((await refusalOf('PUT', flagPath, utf16.subarray(2))).problem).toMatchObject({
      code: 'text_character',
    });
  });

  it('refuses nesting without end', async () => {
    const deep = `{"flag":${'['.repeat(400_000)}`;
    expect((await refusalOf('PUT', flagPath, deep)).problem).toMatchObject({
      code: 'text_too_deep',
    });
  });

  it('names every place', async () => {
    const { problem } = await refusalOf('PUT', flagPath, '{"a":1e999,\n"a":2}');
    expect(problem).toMatchObject({
      code: 'text_number',
      path: '/a',
      details: {
        problems: [
          { code: 'text_number', path: '/a', line: 1, column: 6 },
          { code: 'text_key_twice', path: '/a', line: 2, column: 1 },
        ],
      },
    });
  });

  it('says where JSON ends to be JSON', async () => {
    expect((await refusalOf('PUT', flagPath, '{"flag": new}')).problem).toMatchObject({
      code: 'body_malformed',
      path: '/flag',
      details: { line: 1, column: 10 },
    });
  });

  it('refuses two variants for one unit', async () => {
    const body = '[{"unit":"u","variant":"on"},{"unit":"u","variant":"off"}]';
    expect((await refusalOf('PUT', `${FLAG}/overrides`, body)).problem).toMatchObject({
      code: 'body_invalid',
      path: '/1/unit',
    });
  });

  it('never denies the way down for how its why is written (invariant 4)', async () => {
    const body = '{"justification":"x\\u0000","justification":"y"}';
    const answer = await server.api('POST', `${FLAG}/down`, body);
    expect(answer).toMatchObject({ status: 200, body: { changed: true } });
  });
});
