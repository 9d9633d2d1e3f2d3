import type { ChangeAnswer } from '../api/answers.ts';
import type { Api } from '../api/api.ts';
import { placeRefusal } from './place-refusal.ts';
import type { DocumentKind, WrittenDocument } from './types.ts';

export interface PutOptions {
  readonly project: string;
  readonly atOnce: boolean;
  readonly justification: string | undefined;
  readonly ifVersion: number | undefined;
}

const collections: Readonly<Record<DocumentKind, string>> = {
  flag: 'flags',
  plan: 'plans',
  segment: 'segments',
};

/** Puts one document. A refusal says where in the file it was wrong, once for each problem. */
export async function putDocument(
  api: Api,
  document: WrittenDocument,
  options: PutOptions,
): Promise<ChangeAnswer> {
  const { kind, key, value } = document;
  try {
    return await api.change<ChangeAnswer>({
      method: 'PUT',
      path: ['projects', options.project, collections[kind], key],
      query: kind === 'flag' && options.atOnce ? { atOnce: true } : {},
      body: value,
      justification: options.justification,
      ifVersion: options.ifVersion,
    });
  } catch (error) {
    throw placeRefusal(error, document);
  }
}
