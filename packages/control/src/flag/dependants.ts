import { isRaised } from '../rollout/transitions.ts';
import type { ProjectState } from '../state/types.ts';

/** What is taken from those who require a flag: one variant, or all that are not safe. */
interface Withdrawal {
  readonly environment: string;
  readonly flag: string;
  /** Absent: every variant. */
  readonly variant?: string;
}

/**
 * The flags whose raised rollouts lose what they require, directly or through others, nearest first.
 * A flag that loses a requirement serves safe to everyone, so all of its variants are lost in turn.
 */
export function dependantsOf(project: ProjectState, withdrawal: Withdrawal): readonly string[] {
  const reached = new Set<string>();
  collect(project, withdrawal, reached);
  // A set's iteration also visits what is added meanwhile.
  for (const flag of reached)
    collect(project, { environment: withdrawal.environment, flag }, reached);
  reached.delete(withdrawal.flag);
  return [...reached].filter((key) =>
    isRaised(project.flags.get(key)?.environments[withdrawal.environment]?.rollout),
  );
}

/** The flags that require one, directly or through others, whatever stands of them anywhere. */
export function flagsRequiring({ mentions }: ProjectState, flag: string): readonly string[] {
  const reached = new Set<string>();
  // A set's iteration also visits what is added meanwhile.
  for (const key of mentions.get(flag)?.requiredBy ?? []) reached.add(key);
  for (const through of reached) {
    for (const key of mentions.get(through)?.requiredBy ?? []) reached.add(key);
  }
  reached.delete(flag);
  return [...reached];
}

function collect(project: ProjectState, { flag, variant }: Withdrawal, reached: Set<string>): void {
  for (const key of project.mentions.get(flag)?.requiredBy ?? []) {
    const required = project.flags.get(key)?.definition.requires.flags ?? [];
    const loses = required.some(
      (each) => each.flag === flag && (variant === undefined || each.variant === variant),
    );
    if (loses) reached.add(key);
  }
}
