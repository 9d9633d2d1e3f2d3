/**
 * What this engine can do beyond serving one variant to everyone. A flag names what it needs; an engine
 * that lacks any of it serves the caller's code default. Names are never reused for something else.
 */
export const CAPABILITIES: readonly string[] = Object.freeze([
  'conflicts',
  'overrides',
  'requires',
  'rollout',
  'rules',
  'segments',
  'semver',
  'split',
  'time',
]);
