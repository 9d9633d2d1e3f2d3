import type { Clock } from '../timing/clock.ts';
import type { DownhaulEvent, DownhaulLogger } from './types.ts';

const REPEAT_AFTER_MS = 60_000;
const MAX_REMEMBERED = 200;

/** Where the SDK says what happens to it. Neither a logger nor a listener that throws gets through. */
export interface Diagnostics {
  /** Logs once a minute per text at most, so that an outage does not fill the host's log. */
  warn(message: string, cause?: unknown): void;
  error(message: string, cause?: unknown): void;
  info(message: string): void;
  emit(event: DownhaulEvent): void;
}

interface DiagnosticsSettings {
  readonly clock: Clock;
  readonly logger: DownhaulLogger | undefined;
  readonly onEvent: ((event: DownhaulEvent) => void) | undefined;
}

export function createDiagnostics(settings: DiagnosticsSettings): Diagnostics {
  const { clock, onEvent } = settings;
  const logger: DownhaulLogger = settings.logger ?? consoleLogger;
  const lastSaidAtMs = new Map<string, number>();

  function say(level: 'info' | 'warn' | 'error', message: string, cause?: unknown): void {
    const said = lastSaidAtMs.get(message);
    const nowMs = clock.monotonicMs();
    if (said !== undefined && nowMs - said < REPEAT_AFTER_MS) return;
    if (lastSaidAtMs.size >= MAX_REMEMBERED) lastSaidAtMs.clear();
    lastSaidAtMs.set(message, nowMs);
    const text = cause === undefined ? message : `${message}: ${describe(cause)}`;
    quietly(() => logger[level](`downhaul: ${text}`));
  }

  return {
    warn: (message, cause) => say('warn', message, cause),
    error: (message, cause) => say('error', message, cause),
    info: (message) => say('info', message),
    emit: (event) => {
      if (onEvent) quietly(() => onEvent(event));
    },
  };
}

const consoleLogger: DownhaulLogger = {
  info: () => undefined,
  warn: (message) => console.warn(message),
  error: (message) => console.error(message),
};

/** One line that says what went wrong, whatever was thrown. */
export function describe(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '') {
    return cause.errors.map(describe).join('; ');
  }
  return cause instanceof Error ? cause.message : String(cause);
}

function quietly(action: () => void): void {
  try {
    action();
  } catch {
    // The host's logger or listener failed; there is nobody left to tell.
  }
}
