import { STAGE_SHARES } from '../trace/types.ts';
import type { Move, Seen } from './types.ts';

export const STAGE_MINUTES = 60;

/** The clock of judges that go up after an hour whatever they know, and are done after the last stage. */
export class StageTimer {
  private stage = -1;
  private sinceMinute = 0;

  /** Minutes of the stage that are over, this one included. */
  elapsed({ stage, minute }: Seen): number {
    if (stage !== this.stage) {
      this.stage = stage;
      this.sinceMinute = minute;
    }
    return minute - this.sinceMinute + 1;
  }

  move(seen: Seen): Move {
    if (this.elapsed(seen) < STAGE_MINUTES) return { does: 'wait' };
    return seen.stage < STAGE_SHARES.length - 1 ? { does: 'advance' } : { does: 'complete' };
  }

  /** Whether the last stage was judged to its end: then nobody looks any more. */
  isOver(seen: Seen): boolean {
    return seen.stage === STAGE_SHARES.length - 1 && this.elapsed(seen) > STAGE_MINUTES;
  }
}
