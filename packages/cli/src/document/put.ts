import type { components, operations } from '@downhaul/client';
import type { Api } from '../api/api.ts';
import { placeRefusals } from './place-refusal.ts';
import type { WrittenDocument } from './types.ts';

interface PutOptions {
  readonly project: string;
  readonly atOnce: boolean;
  readonly dryRun: boolean;
  readonly justification: string | undefined;
}

export type DocumentsAnswer =
  operations['putDocuments']['responses'][200]['content']['application/json'];
export type DocumentAnswer = DocumentsAnswer['documents'][number];
export type OthersChange = components['schemas']['OthersChange'];

/**
 * Puts documents as one change, all or none. A refusal says where in the files it was wrong, once for
 * each problem.
 */
export async function putDocuments(
  api: Api,
  documents: readonly WrittenDocument[],
  { project, atOnce, dryRun, justification }: PutOptions,
): Promise<DocumentsAnswer> {
  const query = { ...(atOnce ? { atOnce } : {}), ...(dryRun ? { dryRun } : {}) };
  const body = { documents: documents.map(({ value }) => ({ ...value })) };
  try {
    return await api.change(
      (client, how) =>
        client.POST('/api/v1/projects/{project}/documents', {
          params: { path: { project }, query },
          body,
          ...how,
        }),
      { justification },
    );
  } catch (error) {
    throw placeRefusals(error, documents);
  }
}
