/** Who asks this process to stop. A terminal asks it and its launcher at once; `orphaned`: whoever waited for it is gone. */
type StopSource = 'own' | 'launcher' | 'orphaned';

export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type StopSignal = (typeof STOP_SIGNALS)[number];

interface StopEffects {
  /** Lets the command end in order; once. */
  readonly stop: (signal: StopSignal) => void;
  /** Ends the process at once. */
  readonly end: (signal: StopSignal) => void;
  /** Calls back when everything that was sent by now, as one, has arrived. */
  readonly afterEchoes: (callback: () => void) => void;
}

/**
 * Tells the second signal that a person sends from the echoes of the first: the first one stops in order, a second
 * SIGINT or SIGTERM from the same source ends at once. A closed terminal and `timeout` send one signal twice, so what
 * follows within a moment is an echo; SIGHUP comes after others (systemd, shells) and never ends by force.
 */
export function createStopRequests(effects: StopEffects) {
  const settled = new Map<StopSource, boolean>();
  return {
    receive: (source: StopSource, signal: StopSignal): void => {
      if (settled.size === 0) effects.stop(signal);
      if (!settled.has(source)) {
        settled.set(source, false);
        effects.afterEchoes(() => settled.set(source, true));
        return;
      }
      const isForced = settled.get(source) === true && signal !== 'SIGHUP' && source !== 'orphaned';
      if (isForced) effects.end(signal);
    },
  };
}

export function isStopSignal(value: unknown): value is StopSignal {
  return STOP_SIGNALS.some((signal) => signal === value);
}
