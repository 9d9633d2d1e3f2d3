import { findCircle } from '../document/find-circle.ts';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { problemsIn } from '../error/with-all.ts';
import type { EventBody } from '../event/types.ts';
import { evolve } from '../event/evolve.ts';
import { segmentsOf } from '../segment/references.ts';
import { overlayState } from '../state/overlay-state.ts';
import type { ControlState } from '../state/types.ts';
import {
  type Answer,
  type CommandOf,
  type DecideContext,
  type Decider,
  type Decision,
  hasProblems,
  refusedFor,
} from './decision.ts';
import { putFlag } from './put-flag.ts';
import { putMetric } from './put-metric.ts';
import { putPlan } from './put-plan.ts';
import { putSegment } from './put-segment.ts';
import type { Command, PutBody } from './types.ts';

type PutDocuments = CommandOf<'putDocuments'>;

/**
 * Several documents as one change: the events of all, or none. Segments and metrics come before the plans
 * that name them and plans before flags, whatever their order in the command; among those of one kind,
 * each is put as soon as what it names is there.
 */
export const putDocuments: Decider<'putDocuments'> = (state, command, context) => {
  const twice = saidTwice(command.documents);
  if (hasProblems(twice)) return refusedFor(twice);
  const overlay = overlayState(state);
  const batch: Batch = { state: overlay, command, context, events: [], answers: new Map() };
  for (const type of ORDER) {
    const problems = putAll(batch, type);
    if (hasProblems(problems)) return refusedFor(problems);
  }
  const documents = command.documents.map((document, index) => {
    const [kind, key] = nameOf(document);
    return { kind, key, ...batch.answers.get(index)! };
  });
  const isChanged = batch.events.length > 0;
  // As if they had been put one by one: of what did not change it is the newest version.
  const version = Math.max(0, ...documents.map((answer) => answer.version));
  return { ok: true, events: batch.events, answer: { changed: isChanged, version, documents } };
};

/** What names comes after what is named. */
const ORDER: readonly PutBody['type'][] = ['putSegment', 'putMetric', 'putPlan', 'putFlag'];

interface Batch {
  /** Moves with each document. */
  readonly state: ControlState;
  readonly command: PutDocuments;
  readonly context: DecideContext;
  readonly events: EventBody[];
  /** By the index of the document. */
  readonly answers: Map<number, Answer>;
}

/** Puts all documents of one kind; returns the problems of those that cannot be put. */
function putAll(batch: Batch, type: PutBody['type']): readonly DomainError[] {
  let waiting = [...batch.command.documents.entries()].filter(([, each]) => each.type === type);
  for (;;) {
    const problems: DomainError[] = [];
    const left = waiting.filter(([index, document]) => {
      const decision = decideOne(batch, document);
      if (decision.ok) take(batch, index, decision);
      else problems.push(...problemsIn(decision.error).map((each) => within(index, each)));
      return !decision.ok;
    });
    if (left.length === 0) return [];
    // Nothing that was put since makes a difference to what is left.
    if (left.length === waiting.length) return circlesOf(left) ?? problems;
    waiting = left;
  }
}

/** Documents that wait for each other are all called unknown, which is not what is wrong with them. */
function circlesOf(
  left: readonly (readonly [number, PutBody])[],
): readonly DomainError[] | undefined {
  const namedBy = new Map(left.map(([, document]) => [nameOf(document)[1], namesIn(document)]));
  const circles = left.flatMap(([index, document]) => {
    const circle = findCircle(nameOf(document)[1], (key) => namedBy.get(key) ?? [])?.join(', ');
    if (circle === undefined) return [];
    const problem =
      document.type === 'putSegment'
        ? domainError('segment_cycle', { circle }, { path: '/if' })
        : domainError('flag_requires_cycle', { circle }, { path: '/requires/flags' });
    return [within(index, problem)];
  });
  return circles.length > 0 ? circles : undefined;
}

/** Keys of the same kind that a document names. */
function namesIn(document: PutBody): readonly string[] {
  if (document.type === 'putSegment') return segmentsOf(document.if);
  return document.type === 'putFlag'
    ? document.definition.requires.flags.map(({ flag }) => flag)
    : [];
}

function decideOne({ state, command, context }: Batch, document: PutBody): Decision {
  const { project, actor, correlationId, idempotencyKey, justification } = command;
  const one: Command = {
    ...{ project, actor, correlationId, idempotencyKey },
    ...(justification === undefined ? {} : { justification }),
    ...document,
  };
  switch (one.type) {
    case 'putSegment':
      return putSegment(state, one, context);
    case 'putMetric':
      return putMetric(state, one, context);
    case 'putPlan':
      return putPlan(state, one, context);
    case 'putFlag':
      return putFlag(state, one, context);
  }
}

function take(batch: Batch, index: number, decision: Extract<Decision, { ok: true }>): void {
  for (const body of decision.events) {
    const position = batch.state.position + 1;
    evolve(batch.state, { position, previousHash: '', hash: '', body });
    batch.events.push(body);
  }
  batch.answers.set(index, decision.answer);
}

function within(index: number, error: DomainError): DomainError {
  return { ...error, path: `/documents/${index}${error.path}` };
}

function saidTwice(documents: readonly PutBody[]): readonly DomainError[] {
  const seen = new Set<string>();
  return documents.flatMap((document, index) => {
    const [kind, key] = nameOf(document);
    const name = `${kind} ${key}`;
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [within(index, domainError('document_twice', { kind, key }, { path: `/${kind}` }))];
  });
}

function nameOf(document: PutBody): readonly [kind: string, key: string] {
  switch (document.type) {
    case 'putSegment':
      return ['segment', document.key];
    case 'putMetric':
      return ['metric', document.metric.key];
    case 'putPlan':
      return ['plan', document.plan.key];
    case 'putFlag':
      return ['flag', document.definition.key];
  }
}
