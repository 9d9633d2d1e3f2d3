import { type DomainError, type PutBody, readAnyPut, withAll } from '@downhaul/control';
import type { JsonValue } from '@downhaul/engine';
import { type Static, Type } from 'typebox';
import { Refusal } from '../../error/refusal.ts';
import type { CommandAnswer } from '../../log/answer.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { execute } from '../execute.ts';
import { headBefore, withAtOnce, withOthers } from '../put.ts';
import { answers } from '../responses.ts';
import {
  AnswerObject,
  AtOnce,
  ChangeBody,
  ChangeHeaders,
  Document,
  DryRun,
  FieldChangeSchema,
  OthersChangeSchema,
  ProjectPath,
} from '../schema/common.ts';

/** What a whole repository of documents has, and what is still decided within one turn. */
const MOST_DOCUMENTS = 500;

const Body = Type.Object(
  {
    documents: Type.Array(Document('A document of a flag, plan, metric or segment.'), {
      minItems: 1,
      maxItems: MOST_DOCUMENTS,
    }),
    ...ChangeBody.properties,
  },
  { additionalProperties: false },
);

const DocumentAnswer = Type.Object(
  {
    kind: Type.String({ enum: ['flag', 'plan', 'metric', 'segment'] }),
    key: Type.String(),
    changed: Type.Boolean(),
    version: Type.Integer(),
    created: Type.Optional(Type.Boolean()),
    changes: Type.Optional(Type.Array(FieldChangeSchema)),
    others: Type.Optional(Type.Array(OthersChangeSchema)),
    started: Type.Optional(Type.Array(Type.String())),
    rolledBack: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: true },
);

type DocumentAnswer = Static<typeof DocumentAnswer> & { readonly [fact: string]: JsonValue };

const DocumentsAnswer = Type.Unsafe<
  CommandAnswer & { readonly documents: readonly DocumentAnswer[] }
>(
  Type.Object(
    { ...AnswerObject.properties, documents: Type.Array(DocumentAnswer) },
    { additionalProperties: true },
  ),
);

export function putDocuments(app: App, context: ServerContext): void {
  app.post(
    '/projects/:project/documents',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Puts several documents, in any order, as one change: all of them or none.',
        operationId: 'putDocuments',
        params: ProjectPath,
        headers: ChangeHeaders,
        querystring: Type.Object({
          atOnce: AtOnce,
          dryRun: DryRun,
        }),
        body: Body,
        response: answers(DocumentsAnswer, { description: 'What became of each, in their order.' }),
      },
    },
    async (request, reply) => {
      const { project } = request.params;
      const { atOnce, dryRun } = request.query;
      const { documents, ...body } = request.body;
      const puts = readAll(documents).map((put) => withAtOnce(put, atOnce));
      const command = { type: 'putDocuments', documents: puts } as const;
      const answer = await execute(context, { request, reply }, { project, command, body, dryRun });
      const answered = answer['documents'] as unknown as readonly DocumentAnswer[];
      const told = answered.map(async (each, index) => {
        const put = puts[index]!;
        if (put.said?.version !== undefined) return each;
        const place = { subject: `${project}/${each.kind}:${each.key}`, upTo: headBefore(answer) };
        return withOthers(context, request, { answer: each, put, place });
      });
      return { ...answer, documents: await Promise.all(told) };
    },
  );
}

/** Every problem of every document, each with the place of the document. */
function readAll(documents: readonly unknown[]): readonly PutBody[] {
  const problems: DomainError[] = [];
  const puts = documents.flatMap((document, index) => {
    const read = readAnyPut(document);
    if (read.ok) return [read.value];
    for (const problem of read.problems)
      problems.push({ ...problem, path: `/documents/${index}${problem.path}` });
    return [];
  });
  if (problems.length > 0) throw new Refusal(withAll(problems));
  return puts;
}
