import { checkKey } from '../document/key.ts';
import { sameJson } from '../document/same-json.ts';
import { writeSegmentDocument } from '../document/write-segment-document.ts';
import { effectFacts } from '../effect/asked-for.ts';
import { flagsMovedBy } from '../effect/moved-by-segment.ts';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { audienceContains } from '../plan/audience.ts';
import { checkSegmentReach } from '../segment/check-reach.ts';
import { segmentCircle } from '../segment/segment-circle.ts';
import { unknownSegments } from '../segment/references.ts';
import { rolloutWithin } from '../segment/users.ts';
import type { ProjectState } from '../state/types.ts';
import { changesTo } from './changes-to.ts';
import { movedSince } from './check-said.ts';
import {
  changed,
  type CommandOf,
  type Decider,
  hasProblems,
  refused,
  refusedFor,
  unchanged,
} from './decision.ts';
import { findProject } from './find.ts';
import { settle, unaskedFor } from './settle.ts';

export const putSegment: Decider<'putSegment'> = (state, command, context) => {
  const project = findProject(state, command);
  if (!project.ok) return project;
  const { key, owner } = command;
  const badKey = checkKey(key, '/segment');
  if (badKey !== undefined) return refused(badKey);
  const problems = problemsOf(project.value, command);
  if (hasProblems(problems)) return refusedFor(problems);
  const known = project.value.segments.get(key);
  if (known !== undefined && known.owner === owner && sameJson(known.if, command.if)) {
    return unchanged(known.version, { segment: key });
  }
  const moved = movedSince(`segment:${key}`, command.said, known?.version);
  if (moved !== undefined) return refused(moved);
  const payload = { type: 'segmentPut', key, if: command.if, owner } as const;
  const environments = sameJson(known?.if, command.if)
    ? []
    : [...project.value.environments.keys()];
  const occasion = { state, command, context };
  const settled = settle(occasion, {
    drafts: [{ payload, environments }],
    flags: flagsMovedBy(project.value, command),
    environments,
    subject: `segment ${key}`,
    of: 'segment',
  });
  const refusal = unaskedFor(settled, command);
  // What a segment does to flags stands in its condition, wherever it does it.
  if (refusal !== undefined) return refused({ ...refusal, path: '/if' });
  return changed(occasion, settled.drafts, {
    segment: key,
    rolledBack: settled.rolledBack,
    effects: effectFacts(settled.effects),
    ...changesTo(known && writeSegmentDocument(known), writeSegmentDocument(command)),
  });
};

function problemsOf(
  project: ProjectState,
  { key, if: condition }: CommandOf<'putSegment'>,
): readonly DomainError[] {
  const circle = segmentCircle(project, key, condition);
  if (circle !== undefined) return [domainError('segment_cycle', { circle }, { path: '/if' })];
  const others = [
    ...unknownSegments(project, [{ condition, path: '/if' }]),
    ...checkSegmentReach(project, { key, if: condition }),
  ];
  const known = project.segments.get(key);
  // Who is in a stage is part of the attempt: an audience may only lose units while it goes on.
  const rollout = known && !audienceContains(known.if, condition) && rolloutWithin(project, key);
  if (!rollout) return others;
  const facts = { segment: key, rollout: rollout.id };
  return [...others, domainError('segment_in_rollout', facts, { path: '/if' })];
}
