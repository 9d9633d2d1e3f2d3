import { documentOfPut, othersChanges, type PutBody } from '@downhaul/control';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorOf } from '../auth/access.ts';
import type { CommandAnswer } from '../log/answer.ts';
import { pastPuts } from '../log/past-puts.ts';
import { requireGrant } from './authenticate.ts';
import type { ServerContext } from './context.ts';
import { execute } from './execute.ts';
import { readDocument } from './read-document.ts';

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

interface Put {
  readonly project: string;
  readonly kind: 'flag' | 'plan' | 'metric' | 'segment';
  readonly key: string;
  readonly atOnce?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

/** Puts the document in the body of a request; the answer says what it changed, and of whom. */
export async function putDocument(
  context: ServerContext,
  exchange: Exchange,
  { project, kind, key, atOnce, dryRun }: Put,
): Promise<CommandAnswer> {
  const body = readDocument(exchange.request.body, kind, key);
  const command = withAtOnce(body, atOnce);
  const change = { project, command, subject: `${kind}:${key}`, dryRun };
  const answer = await execute(context, exchange, change);
  const wasRead = body.said?.version !== undefined || exchange.request.headers['if-match'];
  if (wasRead) return answer;
  const place = { subject: `${project}/${kind}:${key}`, upTo: headBefore(answer) };
  return withOthers(context, exchange.request, { answer, put: body, place });
}

export function withAtOnce(body: PutBody, atOnce: boolean | undefined): PutBody {
  const asks = body.type === 'putFlag' || body.type === 'putSegment';
  return asks && atOnce !== undefined ? { ...body, atOnce } : body;
}

/** The head of the log that a change was decided on. */
export function headBefore({ position, events }: CommandAnswer): number {
  return position - events.length;
}

/** An answer to a put, and which of its changes are of something that somebody else had changed. */
export async function withOthers<Answer extends { readonly changed: boolean }>(
  { store }: ServerContext,
  request: FastifyRequest,
  { answer, put, place }: Answered<Answer>,
): Promise<Answer> {
  if (!answer.changed) return answer;
  const past = await pastPuts(store, place);
  const others = othersChanges(documentOfPut(put), past, actorOf(requireGrant(request)));
  return { ...answer, others };
}

interface Answered<Answer> {
  readonly answer: Answer;
  readonly put: PutBody;
  /** Where the log has what was put before. */
  readonly place: { readonly subject: string; readonly upTo: number };
}
