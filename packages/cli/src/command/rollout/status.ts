import { askRollout } from '../../api/rollout.ts';
import { EXIT } from '../../exit-code.ts';
import { modelOf } from '../../watch/model-of.ts';
import { symbolsFor } from '../../watch/symbols.ts';
import { watchView } from '../../watch/view.ts';
import { flagArgument } from '../options.ts';
import type { CommandModule } from '../types.ts';

export const rolloutStatus: CommandModule = {
  words: ['rollout', 'status'],
  summary: 'Show once where a rollout stands',
  arguments: [flagArgument],
  run: async ({ io, api, printer, project, environment }, input) => {
    const answer = await askRollout(api(), { project, environment, flag: input.argument(0) });
    printer.result(answer, () =>
      watchView(modelOf(answer), {
        columns: io.stdout.isTerminal ? io.stdout.size().columns : 120,
        rows: Infinity,
        style: printer.style,
        symbols: symbolsFor(io.env),
      }),
    );
    return EXIT.ok;
  },
};
