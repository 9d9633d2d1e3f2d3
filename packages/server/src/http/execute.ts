import { createHash } from 'node:crypto';
import type { Command, CommandBody, Envelope, PageReference } from '@downhaul/control';
import { canonicalJson, type JsonValue } from '@downhaul/engine';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { actorOf } from '../auth/access.ts';
import { refusal, Refusal } from '../error/refusal.ts';
import type { CommandAnswer } from '../log/answer.ts';
import type { ExecuteOptions, ExecuteOutcome } from '../log/control-log.ts';
import { createPage } from '../store/chain.ts';
import type { Page } from '../store/contract.ts';
import { requireGrant } from './authenticate.ts';
import type { ServerContext } from './context.ts';
import { withMeanwhile } from './meanwhile.ts';
import type { ChangeBody } from './schema/common.ts';

interface Change {
  readonly project: string;
  readonly command: CommandBody;
  /** What `If-Match` speaks of, such as `flag:new-checkout`. */
  readonly subject?: string;
  readonly pages?: readonly Page[];
  /** What the request's body says beside the command. */
  readonly body?: ChangeBody | null | undefined;
  /** Only to be decided: the answer says what would change. */
  readonly dryRun?: boolean | undefined;
}

/** Executes a command in the name of the request's token and answers with what it led to. */
export async function execute(
  context: ServerContext,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  change: Change,
): Promise<CommandAnswer> {
  const justification = justificationPage(request, change);
  const envelope = envelopeOf(context, { request, change, justification });
  void reply.header('idempotency-key', envelope.idempotencyKey);
  const options = {
    commandHash: commandHash(request, envelope),
    urgent: isWayDown(change.command),
    pages: [...(change.pages ?? []), ...(justification ? [justification] : [])],
  };
  const command = { ...envelope, ...change.command };
  if (change.dryRun === true) {
    const outcome = context.log.preview(command, context.clock.nowMs());
    return { ...(await answerOf(context, command, outcome)), dryRun: true };
  }
  const outcome = await context.log.execute(command, options);
  const last = isWayDown(command) ? await insist(context, { command, options, outcome }) : outcome;
  return answerOf(context, command, last);
}

interface WayDown {
  readonly command: Command;
  readonly options: ExecuteOptions;
  readonly outcome: ExecuteOutcome;
}

/**
 * Nothing may deny the way down, not even a client that repeats its keys. That this key once took the
 * flag down says nothing of what was raised since: the command is taken again, and only where it has
 * nothing to do the retry is answered as the first time.
 */
async function insist(context: ServerContext, wayDown: WayDown): Promise<ExecuteOutcome> {
  const { command, options, outcome } = wayDown;
  if (outcome.kind === 'keyReused') {
    const idempotencyKey = `${command.idempotencyKey}:${options.commandHash}`;
    const own = { ...command, idempotencyKey };
    return insist(context, {
      ...wayDown,
      command: own,
      outcome: await context.log.execute(own, options),
    });
  }
  // A late retry of a pause must not undo that somebody resumed; a rollback's may.
  if (outcome.kind !== 'done' || !outcome.replayed || command.type === 'pauseRollout')
    return outcome;
  const again = await context.log.execute(
    { ...command, idempotencyKey: context.ids.uuid() },
    options,
  );
  return again.kind === 'done' && again.answer.changed ? again : outcome;
}

async function answerOf(
  { store }: ServerContext,
  { project }: Command,
  outcome: ExecuteOutcome,
): Promise<CommandAnswer> {
  switch (outcome.kind) {
    case 'done':
      return outcome.answer;
    case 'refused':
      throw new Refusal(await withMeanwhile(store, project, outcome.error));
    case 'keyReused':
      throw refusal('idempotency_key_reused');
  }
}

function isWayDown({ type }: CommandBody): boolean {
  return type === 'rollbackRollout' || type === 'downFlag' || type === 'pauseRollout';
}

interface EnvelopeInput {
  readonly request: FastifyRequest;
  readonly change: Change;
  readonly justification: Page | undefined;
}

function envelopeOf(context: ServerContext, input: EnvelopeInput): Envelope {
  const { request, change, justification } = input;
  const expectedVersions = isWayDown(change.command) ? undefined : expectedOf(request, change);
  return {
    project: change.project,
    actor: actorOf(requireGrant(request)),
    correlationId: request.id,
    idempotencyKey: idempotencyKey(request) ?? context.ids.uuid(),
    ...(justification ? { justification: referenceTo(justification) } : {}),
    ...(expectedVersions ? { expectedVersions } : {}),
  };
}

export function referenceTo({ id, mac }: Page): PageReference {
  return { page: id, mac };
}

function idempotencyKey(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw refusal('idempotency_key_invalid');
  }
  return key;
}

function justificationPage(request: FastifyRequest, { body }: Change): Page | undefined {
  const header = request.headers['justification'];
  const text = body?.justification ?? (typeof header === 'string' ? decode(header) : undefined);
  return text === undefined || text === '' ? undefined : createPage(text);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function expectedOf(
  request: FastifyRequest,
  { subject, body }: Change,
): Readonly<Record<string, number>> | undefined {
  const ifMatch = request.headers['if-match'];
  if (ifMatch === undefined || subject === undefined) return body?.expectedVersions;
  const match = /^"(\d+)"$/.exec(ifMatch);
  if (!match) {
    const accepted = 'a version in quotes, such as "42"';
    throw refusal('parameter_invalid', { problem: '`If-Match` is no version' }, { accepted });
  }
  return { ...body?.expectedVersions, [subject]: Number(match[1]) };
}

/** Of what was asked, not of ids made on the way: a retry has the same. */
function commandHash(request: FastifyRequest, { actor }: Envelope): string {
  const asked = [actor.kind, actor.id, request.method, request.url, request.body ?? null];
  return createHash('sha256')
    .update(canonicalJson(asked as JsonValue))
    .digest('hex');
}
