import type { Io } from '../io/types.ts';

export interface PlayedSoFar {
  readonly part: 'scenarios' | 'suggestions';
  readonly done: number;
  readonly of: number;
}

export interface ProgressView {
  show(played: PlayedSoFar): void;
  /** Takes the bar away. */
  end(): void;
}

const WIDTH = 30;
/** Without a terminal a line is said at each quarter. */
const QUARTERS = 4;

const DOING = { scenarios: 'playing', suggestions: 'trying changes' } as const;

/** A bar where a person watches, a few lines where a program reads, nothing beside JSON. */
export function progressView({ stderr }: Io, json: boolean): ProgressView {
  if (json) return { show: () => undefined, end: () => undefined };
  if (!stderr.isTerminal) return { show: quarterly(stderr), end: () => undefined };
  let shown = false;
  const clear = (): void => {
    if (shown) stderr.write('\r\u001b[2K');
    shown = false;
  };
  return {
    show: (played) => {
      clear();
      stderr.write(barText(played).slice(0, Math.max(10, stderr.size().columns - 1)));
      shown = true;
    },
    end: clear,
  };
}

function barText({ part, done, of }: PlayedSoFar): string {
  const share = of === 0 ? 1 : done / of;
  const full = Math.round(share * WIDTH);
  const bar = `${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}`;
  return `${DOING[part]} [${bar}] ${Math.floor(share * 100)} %, ${done} of ${of} runs`;
}

function quarterly(stderr: Io['stderr']): ProgressView['show'] {
  let told = '';
  return ({ part, done, of }) => {
    const quarter = Math.floor((QUARTERS * done) / Math.max(1, of));
    const text = `${part}/${quarter}`;
    if (quarter === 0 || text === told) return;
    told = text;
    stderr.write(`${DOING[part]}: ${done} of ${of} runs\n`);
  };
}
