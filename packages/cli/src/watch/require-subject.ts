import type { RolloutAnswer } from '../api/answers.ts';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';

/** Refuses to watch a flag that has had no rollout and is not down: nothing would ever happen. */
export function requireSubject({ flag, environment, rollout, down }: RolloutAnswer): void {
  if (rollout || down) return;
  throw new CommandError({
    exitCode: EXIT.refused,
    code: 'rollout_unknown',
    message: `the flag ${flag} has had no rollout in ${environment}`,
    hints: [`start one: downhaul rollout start ${flag}`],
  });
}
