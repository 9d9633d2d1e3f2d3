import { askRollout } from '../../api/rollout.ts';
import { requireSubject } from '../../watch/require-subject.ts';
import { presenterFor } from '../../watch/presenters.ts';
import { watch } from '../../watch/watch.ts';
import { flagArgument } from '../options.ts';
import type { CommandModule } from '../types.ts';

const DEFAULT_INTERVAL_MS = 1_000;

export const rolloutWatch: CommandModule = {
  words: ['rollout', 'watch'],
  summary: 'Follow a rollout live until it is completed, or rolled back and proven',
  description:
    'Follows a rollout: stages, units per arm, evidence against limits, what it waits for, which instances have it, and after a way down the clocks of its proof. Ends with 0 when it is completed, 9 when it was rolled back and that is proven, 5 when that is not proven in time, 130 at Ctrl-C. Ending it never touches the rollout.',
  arguments: [flagArgument],
  options: [{ syntax: '--interval <duration>', description: 'between two looks (default 1s)' }],
  examples: [
    'downhaul rollout watch new-checkout',
    'downhaul rollout watch new-checkout --json | jq .outcome',
  ],
  run: async ({ io, api, printer, project, environment }, input) => {
    const place = { project, environment, flag: input.argument(0) };
    const intervalMs = Math.max(50, input.durationMs('interval') ?? DEFAULT_INTERVAL_MS);
    requireSubject(await askRollout(api(), place));
    const outcome = await watch({
      ask: () => askRollout(api(), place),
      presenter: presenterFor(io, printer),
      intervalMs,
      interrupted: io.interrupted,
    });
    return outcome.exitCode;
  },
};
