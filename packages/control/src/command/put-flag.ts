import { checkKey } from '../document/key.ts';
import { sameJson } from '../document/same-json.ts';
import { writeFlagDocument } from '../document/write-flag-document.ts';
import type { DomainError } from '../error/types.ts';
import { checkChange } from '../flag/check-change.ts';
import { checkDefinition } from '../flag/check-definition.ts';
import { effectFacts } from '../effect/asked-for.ts';
import { checkReferences } from '../flag/check-references.ts';
import { mayNotRaise } from '../flag/may-raise.ts';
import { environmentsTouched } from '../flag/snapshot-part.ts';
import type { Cause, RolloutState } from '../rollout/types.ts';
import type { FlagState, ProjectState } from '../state/types.ts';
import { changesTo } from './changes-to.ts';
import { emptiedUnsaid, leftUnsaid, movedSince } from './check-said.ts';
import {
  changed,
  type CommandOf,
  type Decider,
  type Draft,
  hasProblems,
  refused,
  refusedFor,
  unchanged,
} from './decision.ts';
import { declaredStarts } from './declared-starts.ts';
import { findProject } from './find.ts';
import { type Settled, settle, unaskedFor } from './settle.ts';

type PutFlag = CommandOf<'putFlag'>;

/**
 * One document for all environments. An unchanged one changes nothing; the declaration of a rollout
 * starts nothing either, unless it raises the attempt of one that there was (settled question 6).
 */
export const putFlag: Decider<'putFlag'> = (state, command, context) => {
  const project = findProject(state, command);
  if (!project.ok) return project;
  const { definition, said } = command;
  const before = project.value.flags.get(definition.key);
  if (before !== undefined && !before.archived && sameJson(before.definition, definition)) {
    return unchanged(before.version, { flag: definition.key });
  }
  const moved = movedSince(`flag:${definition.key}`, said, before?.version);
  if (moved !== undefined && before?.archived !== true) return refused(moved);
  const problems = problemsOf(project.value, before, command);
  if (hasProblems(problems)) return refusedFor(problems);
  const starts = declaredStarts(project.value, before, { command, nowMs: context.nowMs });
  if (!starts.ok) return starts;
  const environments = environmentsTouched(before?.definition, definition);
  const put: Draft = { payload: { type: 'flagPut', definition }, environments };
  const occasion = { state, command, context };
  const settled = settle(occasion, {
    drafts: [put, ...endings(before, definition)],
    flags: [definition.key],
    environments,
    subject: `flag ${definition.key}`,
    of: 'flag',
  });
  const refusal = unaskedFor(settled, command) ?? obstacleTo(settled, project.value, definition);
  if (refusal !== undefined) return refused(refusal);
  return changed(occasion, [...settled.drafts, ...starts.value.drafts], {
    flag: definition.key,
    environments,
    started: starts.value.started,
    rolledBack: settled.rolledBack,
    effects: effectFacts(settled.effects),
    ...changesTo(before && writeFlagDocument(before.definition), writeFlagDocument(definition)),
  });
};

function problemsOf(
  project: ProjectState,
  before: FlagState | undefined,
  { definition, said }: PutFlag,
): readonly DomainError[] {
  const badKey = checkKey(definition.key, '/flag');
  if (badKey !== undefined) return [badKey];
  const own = checkDefinition(definition);
  // What contradicts itself is not held against others.
  if (own.length > 0) return own;
  const change = before === undefined ? [] : checkChange(project, before, definition);
  const unsaid = before === undefined ? [] : takenAway(before, definition, said);
  return [...change, ...unsaid, ...checkReferences(project, definition)];
}

/** What would go without a word of it. */
function takenAway(
  { definition: before }: FlagState,
  after: PutFlag['definition'],
  said: PutFlag['said'],
): readonly DomainError[] {
  return [
    ...leftUnsaid(before, after, said),
    ...emptiedUnsaid(writeFlagDocument(before), writeFlagDocument(after), said),
  ];
}

/** A raise that was asked for is still a step up. */
function obstacleTo(
  { asked }: Settled,
  project: ProjectState,
  definition: PutFlag['definition'],
): DomainError | undefined {
  const raised = asked.filter(({ does, flag }) => does === 'raises' && flag === definition.key);
  for (const { environment } of raised) {
    const obstacle = mayNotRaise(project, environment, definition);
    if (obstacle !== undefined) return obstacle;
  }
  return undefined;
}

/**
 * The ends of rollouts that were rolled back and serve nobody: another `serve` is a later word of a person
 * on who gets what, and without its variants nothing can be said of a rollout.
 */
function endings(before: FlagState | undefined, after: PutFlag['definition']): readonly Draft[] {
  if (before === undefined) return [];
  return Object.entries(before.environments).flatMap(([environment, { rollout }]) => {
    if (rollout?.status !== 'rolledBack') return [];
    const cause = endOf(rollout, { before, after, environment });
    if (cause === undefined) return [];
    const payload = { type: 'rolloutEnded', flag: after.key, environment, cause } as const;
    return [{ payload, environments: [environment] }];
  });
}

function endOf(
  { to, control }: RolloutState,
  {
    before,
    after,
    environment,
  }: {
    readonly before: FlagState;
    readonly after: PutFlag['definition'];
    readonly environment: string;
  },
): Cause | undefined {
  const old = before.definition.environments[environment];
  const next = after.environments[environment];
  if (old?.serve !== next?.serve) {
    return { code: 'serve_changed', text: 'The document serves another variant now.' };
  }
  const lost = [to, control].find((variant) => !Object.hasOwn(after.variants, variant));
  if (lost === undefined) return undefined;
  return { code: 'variant_removed', text: `The document has no variant \`${lost}\` any more.` };
}
