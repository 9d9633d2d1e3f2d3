import { effectFacts } from '../effect/asked-for.ts';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import { goesOn } from '../rollout/transitions.ts';
import type { FlagState, ProjectState } from '../state/types.ts';
import {
  changed,
  type CommandOf,
  type Decider,
  type Found,
  found,
  refused,
  unchanged,
} from './decision.ts';
import { findFlag, findProject } from './find.ts';
import { type Settled, settle, unaskedFor } from './settle.ts';

/** Takes a flag out of every snapshot, for ever: callers get their code default. */
export const archiveFlag: Decider<'archiveFlag'> = (state, command, context) => {
  const project = findProject(state, command);
  if (!project.ok) return project;
  const known = project.value.flags.get(command.flag);
  if (known?.archived === true) return unchanged(known.version, { flag: known.key });
  const flag = findFlag(project.value, command.flag);
  if (!flag.ok) return flag;
  const free = mayGo(project.value, flag.value);
  if (!free.ok) return free;
  const payload = { type: 'flagArchived', flag: command.flag } as const;
  const environments = Object.keys(flag.value.definition.environments);
  const occasion = { state, command, context };
  const settled = settle(occasion, {
    drafts: [{ payload, environments }],
    flags: [flag.value.key],
    environments,
    subject: `flag ${flag.value.key}`,
    of: 'flag',
  });
  const refusal = inUse(settled, command);
  if (refusal !== undefined) return refused(refusal);
  return changed(occasion, settled.drafts, {
    flag: command.flag,
    rolledBack: settled.rolledBack,
    effects: effectFacts(settled.effects),
  });
};

/** Callers get their code default, whatever that is: who still gets a value or may ask for one is named. */
function inUse(settled: Settled, command: CommandOf<'archiveFlag'>): DomainError | undefined {
  const { flag, evaluatedBy = [], atOnce, justification } = command;
  if (atOnce === true && justification !== undefined) return undefined;
  const leaving = settled.asked.filter(({ does }) => does === 'leaves');
  const served = leaving.map(({ environment }) => `it serves more than safe in ${environment}`);
  const shown = evaluatedBy.slice(0, MOST_SHOWN).join(', ');
  const more =
    evaluatedBy.length > MOST_SHOWN ? ` and ${evaluatedBy.length - MOST_SHOWN} more` : '';
  const asking =
    evaluatedBy.length === 0 ? [] : [`live instances may evaluate it: ${shown}${more}`];
  const uses = [...served, ...asking];
  if (uses.length === 0) return unaskedFor(settled, command);
  const details = { evaluatedBy, effects: effectFacts(settled.asked) };
  return domainError(
    'flag_archive_in_use',
    { flag, uses: uses.join('; ') },
    { path: '/flag', details },
  );
}

const MOST_SHOWN = 5;

function mayGo(project: ProjectState, flag: FlagState): Found<FlagState> {
  const requiredBy = project.mentions.get(flag.key)?.requiredBy ?? [];
  const place = { path: '/flag' };
  if (requiredBy.length > 0) {
    const facts = { flag: flag.key, flags: requiredBy.join(', ') };
    return refused(domainError('flag_required_by', facts, place));
  }
  for (const [environment, { down, rollout }] of Object.entries(flag.environments)) {
    if (goesOn(rollout)) {
      const facts = { flag: flag.key, rollout: rollout.id, status: rollout.status };
      return refused(domainError('flag_rollout_running', facts, place));
    }
    // A code default may be higher than the safe variant that everyone gets now.
    if (down) return refused(domainError('flag_down', { flag: flag.key, environment }, place));
  }
  return found(flag);
}
