import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import type { RolloutState } from '../rollout/types.ts';
import type { ControlState } from '../state/types.ts';
import type { Command, EvidenceBasis } from './types.ts';

/** The refusal of a command whose evidence is not of the rollout as it stands; undefined where it is, or has none. */
export function evidenceOutdated(state: ControlState, command: Command): DomainError | undefined {
  if (!('basis' in command) || command.basis === undefined) return undefined;
  const { project, environment, flag, basis } = command;
  const rollout = state.projects.get(project)?.flags.get(flag)?.environments[environment]?.rollout;
  if (rollout === undefined || isOf(basis, rollout)) return undefined;
  const facts = { rollout: rollout.id, stage: rollout.stage + 1, of: basis.stage + 1 };
  const details = { basis: { ...basis }, version: rollout.version };
  return domainError('evidence_outdated', facts, { path: '/flag', details });
}

/** Whether evidence is of a rollout as it stands: of its attempt and stage, with every change of its status known. */
export function isOf(
  { rollout: id, stage, throughPosition }: EvidenceBasis,
  rollout: Pick<RolloutState, 'id' | 'stage' | 'version'>,
): boolean {
  return id === rollout.id && stage === rollout.stage && throughPosition >= rollout.version;
}
