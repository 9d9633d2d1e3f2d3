import type { ErrorEntry } from '../types.ts';

/** Segments. */
export const SEGMENT_ERRORS = {
  segment_unknown: {
    status: 422,
    message: 'There is no segment {segment} in the project {project}.',
    remedy: 'Put the segment first, or correct its key.',
  },
  segment_cycle: {
    status: 422,
    message: 'The segments go round in a circle: {circle}.',
    remedy: 'Take one of the references out.',
  },
  segment_unreadable: {
    status: 422,
    message: 'SDKs could not read the segment {segment} after this: `{place}` {problem}.',
    remedy: 'Correct that; nothing was changed.',
  },
  segment_too_large: {
    status: 422,
    message: 'With this the {problem}: nobody would be a member of it.',
    remedy: 'Nest segments less deep, or write fewer conditions.',
  },
  segment_in_use: {
    status: 409,
    message: 'The segment {segment} is used by {users}.',
    remedy: 'Remove those uses first.',
  },
  segment_in_rollout: {
    status: 409,
    message: 'The segment {segment} is an audience of {rollout} and may only shrink meanwhile.',
    remedy: 'Wait until that rollout is over, or make a new segment and a new attempt.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>;
