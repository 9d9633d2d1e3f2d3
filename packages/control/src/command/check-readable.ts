import { flagEntryProblems, type Problem, segmentEntryProblems } from '@downhaul/engine';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import type { EventBody } from '../event/types.ts';
import { changeOf } from '../snapshot/change-of.ts';
import { flagEntry } from '../snapshot/snapshot-flag.ts';
import type { ControlState } from '../state/types.ts';

/** The state before a decision's events and the state after them. */
interface Outcome {
  readonly before: ControlState;
  readonly after: ControlState;
  readonly events: readonly EventBody[];
}

/**
 * Why evaluators could not read what a decision leads to: the same check that they make themselves, of
 * nothing but the entries that its events touch. An entry that could not be read before is no reason, for
 * it is sent as `snapshotFlag` mends it, unless the decision is about the document itself.
 */
export function unreadableEntry({ before, after, events }: Outcome): DomainError | undefined {
  for (const body of events) {
    if (body.type === 'segmentPut') {
      const [problem] = segmentEntryProblems({ key: body.key, if: body.if });
      if (problem !== undefined) return segmentError(body.key, problem);
    }
    const change = changeOf(after, body);
    if (change === undefined || 'segment' in change) continue;
    for (const environment of body.environments) {
      const site = { project: body.project, environment, flag: change.flag };
      const problem = problemAt(after, site);
      if (problem === undefined) continue;
      if (body.type !== 'flagPut' && problemAt(before, site) !== undefined) continue;
      return flagError(site, problem);
    }
  }
  return undefined;
}

const NO_SEGMENT = () => undefined;
const NO_PAGE = () => undefined;

interface Site {
  readonly project: string;
  readonly environment: string;
  readonly flag: string;
}

function problemAt(state: ControlState, { project, environment, flag }: Site): Problem | undefined {
  const known = state.projects.get(project)?.flags.get(flag);
  // Ids of pages are read when a snapshot is built, and filtered there.
  const sources = { environment, segments: NO_SEGMENT, proofs: state.proofs, pages: NO_PAGE };
  const entry = known && flagEntry(known, sources);
  return entry && flagEntryProblems(entry)[0];
}

function segmentError(segment: string, { path, message }: Problem): DomainError {
  const facts = { segment, place: path, problem: message };
  return domainError('segment_unreadable', facts, { path: pointerTo(path) });
}

function flagError({ flag, environment }: Site, { path, message }: Problem): DomainError {
  const facts = { flag, environment, place: path, problem: message };
  const isHere = /^(serve|rules|rollout)\b/.test(path);
  const below = isHere ? `/environments/${environment}${pointerTo(path)}` : pointerTo(path);
  return domainError('flag_unreadable', facts, { path: below });
}

/** The engine writes places as `rules[0].if`. */
function pointerTo(place: string): string {
  if (place === '') return '';
  return `/${place.replaceAll(/\[(\d+)\]/g, '/$1').replaceAll('.', '/')}`;
}
