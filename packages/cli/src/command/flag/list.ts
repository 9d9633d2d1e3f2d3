import type { FlagSummary } from '../../api/answers.ts';
import { listFlags } from '../../api/lists.ts';
import { EXIT } from '../../exit-code.ts';
import { formatShare } from '../../output/figures.ts';
import type { Style } from '../../output/style.ts';
import { table } from '../../output/table.ts';
import type { CommandModule } from '../types.ts';

export const flagList: CommandModule = {
  words: ['flag', 'list'],
  summary: 'List the flags of a project and where they stand',
  options: [{ syntax: '--archived', description: 'archived flags too' }],
  run: async ({ api, printer, project, environment }, input) => {
    const flags = await listFlags(api(), project, { archived: input.enabled('archived') });
    printer.result({ flags }, () =>
      flags.length === 0
        ? [`no flags in the project ${project}`]
        : flagTable(flags, environment, printer.style),
    );
    return EXIT.ok;
  },
};

function flagTable(flags: readonly FlagSummary[], environment: string, style: Style): string[] {
  return table(flags, [
    { title: 'flag', value: ({ key }) => key, mark: style.strong },
    {
      title: environment,
      value: (flag) => standing(flag, environment),
      mark: (cell, flag) => (flag.environments[environment]?.down ? style.bad(cell) : cell),
    },
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'owner', value: ({ owner }) => owner },
    { title: 'purpose', value: ({ purpose }) => purpose },
  ]);
}

/** Where a flag stands in an environment, in a few words. */
function standing(flag: FlagSummary, environment: string): string {
  if (flag.archived) return 'archived';
  const here = flag.environments[environment];
  if (!here) return '-';
  if (here.down) return 'DOWN';
  const { rollout } = here;
  // After its watch has ended a completed rollout goes on serving its target.
  if (!rollout || (rollout.status === 'ended' && rollout.sharePerMillion === 0))
    return `serves ${here.serve}`;
  const share = formatShare(rollout.sharePerMillion);
  if (rollout.status === 'rolledBack') return `serves ${here.serve}, rolled back`;
  return `${rollout.to} at ${share}, ${rollout.status}`;
}
