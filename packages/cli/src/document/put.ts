import type { ChangeAnswer } from '../api/answers.ts';
import type { Api, Call } from '../api/api.ts';
import { placeRefusal } from './place-refusal.ts';
import type { WrittenDocument } from './types.ts';

interface PutOptions {
  readonly project: string;
  readonly atOnce: boolean;
  readonly justification: string | undefined;
  readonly ifVersion: number | undefined;
}

/** Puts one document. A refusal says where in the file it was wrong, once for each problem. */
export async function putDocument(
  api: Api,
  document: WrittenDocument,
  options: PutOptions,
): Promise<ChangeAnswer> {
  try {
    return await api.change(callFor(document, options), options);
  } catch (error) {
    throw placeRefusal(error, document);
  }
}

function callFor(document: WrittenDocument, { project, atOnce }: PutOptions): Call<ChangeAnswer> {
  const { kind, key, value: body } = document;
  switch (kind) {
    case 'flag':
      return (client, how) =>
        client.PUT('/api/v1/projects/{project}/flags/{flag}', {
          params: { path: { project, flag: key }, query: atOnce ? { atOnce } : {} },
          body,
          ...how,
        });
    case 'plan':
      return (client, how) =>
        client.PUT('/api/v1/projects/{project}/plans/{plan}', {
          params: { path: { project, plan: key } },
          body,
          ...how,
        });
    case 'metric':
      return (client, how) =>
        client.PUT('/api/v1/projects/{project}/metrics/{metric}', {
          params: { path: { project, metric: key } },
          body,
          ...how,
        });
    case 'segment':
      return (client, how) =>
        client.PUT('/api/v1/projects/{project}/segments/{segment}', {
          params: { path: { project, segment: key }, query: atOnce ? { atOnce } : {} },
          body,
          ...how,
        });
  }
}
