import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkoutFlag, unguardedPlan } from '../support/documents.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { FLAG, positionOf, putCheckout } from '../support/setup.ts';

const flagPath = '/projects/default/flags/new-checkout';

describe('bad input changes nothing', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await putCheckout(server.api);
  });
  afterAll(() => server.dispose());

  const head = () => positionOf(server);

  const dropping = unguardedPlan({
    stages: [
      { share: '50%', bake: '1h' },
      { share: '10%', bake: '1h' },
    ],
  });
  const wrongType = checkoutFlag({ variants: { on: 'yes', off: false } });

  it.each([
    [
      'an unknown flag',
      'POST',
      FLAG.replace('new-checkout', 'none') + '/down',
      undefined,
      404,
      'flag_unknown',
      '/flag',
    ],
    [
      'an unknown project',
      'GET',
      '/projects/none/flags',
      undefined,
      404,
      'project_unknown',
      '/project',
    ],
    [
      'an unknown environment',
      'GET',
      FLAG.replace('production', 'moon') + '/rollout',
      undefined,
      404,
      'environment_unknown',
      '/environment',
    ],
    ['a route that is not there', 'GET', '/nothing', undefined, 404, 'route_unknown', ''],
    ['a path of no text', 'GET', `${flagPath}%ff`, undefined, 400, 'request_malformed', ''],
    [
      'a path of endless parts',
      'GET',
      `${flagPath}${'x'.repeat(2_000)}`,
      undefined,
      400,
      'request_malformed',
      '',
    ],
    [
      'a document without a type',
      'PUT',
      flagPath,
      { flag: 'new-checkout' },
      400,
      'document_property_missing',
      '',
    ],
    [
      'an unknown property',
      'PUT',
      flagPath,
      checkoutFlag({ colour: 'red' }),
      400,
      'document_property_unknown',
      '/colour',
    ],
    [
      'a variant of the wrong type',
      'PUT',
      flagPath,
      wrongType,
      422,
      'flag_variant_type',
      '/variants/on',
    ],
    [
      'another key than the path',
      'PUT',
      flagPath,
      checkoutFlag({ flag: 'other' }),
      400,
      'key_mismatch',
      '',
    ],
    [
      'a plan that drops somebody',
      'PUT',
      '/projects/default/plans/canary',
      dropping,
      422,
      'plan_share_falls',
      '/stages/1',
    ],
    ['a list instead of a document', 'PUT', flagPath, [1], 400, 'body_invalid', ''],
    [
      'a member that no body has',
      'POST',
      `${FLAG}/down`,
      { why: 'x' },
      400,
      'body_invalid',
      '/why',
    ],
    [
      'a context that is no object',
      'POST',
      `${FLAG}/explain`,
      { context: 7 },
      400,
      'body_invalid',
      '/context',
    ],
    [
      'a limit above the highest',
      'GET',
      '/log?limit=100000',
      undefined,
      400,
      'parameter_invalid',
      '/limit',
    ],
    ['a number that is none', 'GET', '/log?after=x', undefined, 400, 'parameter_invalid', '/after'],
    ['text that is no JSON', 'PUT', flagPath, '{"flag": ', 400, 'body_malformed', ''],
    [
      'a proof that is not there',
      'GET',
      '/projects/default/proofs/none',
      undefined,
      404,
      'proof_unknown',
      '/proof',
    ],
    [
      'an override of no unit',
      'PUT',
      `${FLAG}/overrides`,
      [{ unit: '', variant: 'on' }],
      400,
      'body_invalid',
      '/0/unit',
    ],
  ] as const)('%s', async (_name, method, path, body, status, code, pointer) => {
    const before = await head();
    const answer = await server.api(method, path, body);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer).toMatchObject({ status, body: { status, code } });
    expect(answer.body.path).toContain(pointer);
    expect(answer.body.type).toBe(`urn:downhaul:error:${code}`);
    expect(answer.body.correlationId).toBe(answer.headers.get('correlation-id'));
    expect(await head()).toBe(before);
  });

  it('refuses another content type', async () => {
    const answer = await server.api('PUT', flagPath, 'flag: x', { 'content-type': 'text/yaml' });
    expect(answer).toMatchObject({ status: 415, body: { code: 'content_type_unsupported' } });
  });

  it('refuses a body of 10 MB with 413 and stays up', async () => {
    const before = await head();
    const answer = await raw(server.url, [
      `PUT /api/v1${flagPath} HTTP/1.1`,
      `Authorization: Bearer ${server.adminToken}`,
      'Content-Type: application/json',
      `Content-Length: ${10 << 20}`,
    ]);
    expect(answer).toContain('413');
    expect(answer).toContain('body_too_large');
    expect(await head()).toBe(before);
  });

  it('survives a body that breaks off', async () => {
    const before = await head();
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `PUT /api/v1${flagPath} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${server.adminToken}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"flag":',
    );
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.end();
    await closed;
    expect(text).toContain('request_malformed');
    expect(await head()).toBe(before);
  });

  it('takes an empty body with a JSON type for none', async () => {
    const answer = await server.api('POST', `${FLAG}/rollout/resume`, '', {
      'content-type': 'application/json',
    });
    expect(answer.body.code).toBe('rollout_unknown');
  });
});

/** What a server answers to headers alone, while the body never comes. */
async function raw(url: string, lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(`${[...lines, 'Host: x'].join('\r\n')}\r\n\r\n`);
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    if (text.includes('correlationId')) break;
  }
  socket.destroy();
  return text;
}
