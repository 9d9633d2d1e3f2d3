import type { JsonValue } from '@downhaul/engine';
import type { DomainError } from '../error/types.ts';
import { withAll } from '../error/with-all.ts';
import { EVENT_SCHEMA_VERSION, type EventBody, type EventPayload } from '../event/types.ts';
import type { ControlState } from '../state/types.ts';
import type { Command, CommandBody } from './types.ts';

/**
 * What a command comes to: events to append, all or none, and the answer to give; or a refusal that
 * changes nothing. No events with `ok` means that there was nothing to change.
 */
export type Decision =
  | {
      readonly ok: true;
      readonly events: readonly EventBody[];
      readonly answer: Answer;
      /** The events come behind this position; absent: behind the head. */
      readonly behind?: number;
    }
  | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly error: DomainError;
}

/** `version` is the log position of what is now so; `changed` is false where it was so before. */
export type Answer = {
  readonly changed: boolean;
  readonly version: number;
} & { readonly [fact: string]: JsonValue };

/** A thing that a decider looked for, or the refusal to give. */
export type Found<Value> = { readonly ok: true; readonly value: Value } | Refusal;

/** What is not in the command: the store's clock. */
export interface DecideContext {
  readonly nowMs: number;
}

export type CommandType = CommandBody['type'];
export type CommandOf<Type extends CommandType> = Extract<Command, { readonly type: Type }>;

/** Decides one kind of command on the head of the log; changes nothing itself. */
export type Decider<Type extends CommandType> = (
  state: ControlState,
  command: CommandOf<Type>,
  context: DecideContext,
) => Decision;

/** An event to be: its payload and the environments whose snapshot it changes. */
export interface Draft {
  readonly payload: EventPayload;
  readonly environments?: readonly string[];
}

/** Everything that turns drafts into events. */
export interface Occasion {
  readonly state: ControlState;
  readonly command: Command;
  readonly context: DecideContext;
}

/** A decision with events; the answer's version is the position of the last of them. */
export function changed(
  { state, command, context }: Occasion,
  drafts: readonly Draft[],
  facts: { readonly [fact: string]: JsonValue } = {},
): Decision {
  const { actor, correlationId, idempotencyKey, justification } = command;
  const project = command.type === 'createProject' ? command.key : command.project;
  const events = drafts.map(({ payload, environments = [] }) => ({
    schemaVersion: EVENT_SCHEMA_VERSION,
    project,
    environments,
    atMs: context.nowMs,
    actor,
    correlationId,
    idempotencyKey,
    ...(justification === undefined ? {} : { justification }),
    ...payload,
  }));
  const version = state.position + events.length;
  return { ok: true, events, answer: { changed: true, version, ...facts } };
}

/** A decision without events: what was asked for is so already, since `version`. */
export function unchanged(
  version: number,
  facts: { readonly [fact: string]: JsonValue } = {},
): Decision {
  return { ok: true, events: [], answer: { changed: false, version, ...facts } };
}

export function refused(error: DomainError): Refusal {
  return { ok: false, error };
}

/** Refuses with the first problem; where there are more, its details name them all. */
export function refusedFor(problems: readonly [DomainError, ...DomainError[]]): Refusal {
  return refused(withAll(problems));
}

export function found<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

/** True if a list of problems has any: the list that `refusedFor` wants. */
export function hasProblems(
  problems: readonly DomainError[],
): problems is readonly [DomainError, ...DomainError[]] {
  return problems.length > 0;
}
