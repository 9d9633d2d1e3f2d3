import { describe, expect, it } from 'vitest';
import { createDownhaulClient } from '../src/client.ts';

function clientOf(answer: () => Response) {
  const requests: Request[] = [];
  const client = createDownhaulClient({
    url: 'http://flags.test/',
    token: 'dh_person_1',
    fetch: async (request) => {
      requests.push(request);
      return answer();
    },
  });
  return { client, requests };
}

describe('createDownhaulClient', () => {
  it('asks with the token and the path filled in', async () => {
    const { client, requests } = clientOf(() => Response.json({ flags: [] }));
    const { data } = await client.GET('/api/v1/projects/{project}/flags', {
      params: { path: { project: 'a b' }, query: { archived: true } },
    });
    expect(data).toEqual({ flags: [] });
    expect(requests[0]?.url).toBe('http://flags.test/api/v1/projects/a%20b/flags?archived=true');
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer dh_person_1');
  });

  it('gives a refusal as problem details', async () => {
    const problem = { status: 404, code: 'flag_unknown' };
    const { client } = clientOf(() =>
      Response.json(problem, {
        status: 404,
        headers: { 'content-type': 'application/problem+json' },
      }),
    );
    const { data, error } = await client.POST(
      '/api/v1/projects/{project}/environments/{environment}/flags/{flag}/down',
      { params: { path: { project: 'p', environment: 'e', flag: 'f' } } },
    );
    expect(data).toBeUndefined();
    expect(error).toMatchObject({ code: 'flag_unknown' });
  });
});
