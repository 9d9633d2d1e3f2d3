import { askRollout } from '../../api/rollout.ts';
import { requireSubject } from '../../watch/require-subject.ts';
import { presenterFor } from '../../watch/presenters.ts';
import { UNTIL } from '../../watch/outcome.ts';
import { watch } from '../../watch/watch.ts';
import { flagArgument } from '../options.ts';
import type { CommandModule } from '../types.ts';

const DEFAULT_INTERVAL_MS = 1_000;

export const rolloutWatch: CommandModule = {
  words: ['rollout', 'watch'],
  summary: 'Follow a rollout live until its watch is over, or it is rolled back and proven',
  description:
    'Follows a rollout: stages, units per arm, evidence against limits, what it waits for, which instances have it, and after a way down the clocks of its proof. A completed rollout is still watched by the server: this goes on then, and shows its alarms. Ends with 0 when the watch has ended, 9 when it was rolled back and that is proven, 5 when that is not proven in time, 130 at Ctrl-C. With `--until completed` it ends at the completion, with 0, or with 10 if the watch alarms. Ending it never touches the rollout.',
  arguments: [flagArgument],
  options: [
    { syntax: '--interval <duration>', description: 'between two looks (default 1s)' },
    {
      syntax: '--until <moment>',
      description: 'completed: for scripts; ended: until its watch is over (default)',
    },
  ],
  examples: [
    'downhaul rollout watch new-checkout',
    'downhaul rollout watch new-checkout --until completed && ./tell-everybody.sh',
    'downhaul rollout watch new-checkout --until completed --json | jq .outcome',
  ],
  run: async ({ io, api, printer, project, environment }, input) => {
    const place = { project, environment, flag: input.argument(0) };
    const intervalMs = Math.max(50, input.durationMs('interval') ?? DEFAULT_INTERVAL_MS);
    requireSubject(await askRollout(api(), place));
    const outcome = await watch({
      ask: () => askRollout(api(), place),
      presenter: presenterFor(io, printer),
      intervalMs,
      until: input.oneOf('until', UNTIL),
      interrupted: io.interrupted,
    });
    return outcome.exitCode;
  },
};
