import { type Diagnostics, describe } from '../client/diagnostics.ts';
import { RETRY, backoffMs } from '../timing/backoff.ts';
import { type Clock, type Moment, momentOf } from '../timing/clock.ts';
import { type Timer, backgroundTimer } from '../timing/timer.ts';
import { problemOf } from '../transport/problem.ts';
import { retryAfterMs } from '../transport/retry-after.ts';
import type { Answer, Transport } from '../transport/transport.ts';
import type { TelemetryCollector } from './collector.ts';
import { type SealedReport, bodyOf, fittingParts, sealReport } from './sealed-report.ts';

/** Reports that wait for an answer. Beyond it nothing is sealed: the collector merges, in its bounds. */
const MAX_BACKLOG = 6;
const DEFAULT_INTERVAL_MS = 10_000;

interface ReporterSettings {
  readonly transport: Transport;
  readonly collector: TelemetryCollector;
  readonly diagnostics: Diagnostics;
  readonly clock: Clock;
  readonly random: () => number;
  readonly instance: string;
  readonly reportTimeoutMs: number;
  /** Version in use; undefined while there is no snapshot, and then there is nothing to report. */
  readonly version: () => number | undefined;
  /** A report was answered; `sentAt` is when it was sent. */
  readonly onAnswered: (sentAt: Moment) => void;
}

/**
 * Sends what was collected, in order, one report at a time. A report keeps its number and its items
 * until it is answered, so that the server can tell a repetition from something new.
 */
export class Reporter {
  readonly #settings: ReporterSettings;
  readonly #backlog: SealedReport[] = [];
  #intervalMs = DEFAULT_INTERVAL_MS;
  #sequence = 0;
  #throughMs = 0;
  #discarded = 0;
  /** Causes are the server's words: none may be taken for a property of all objects. */
  readonly #droppedItems = Object.create(null) as Record<string, number>;
  #attempt = 0;
  #sending: Promise<void> | undefined;
  #reportTimer: Timer | undefined;
  #retryTimer: Timer | undefined;
  #closed = false;

  constructor(settings: ReporterSettings) {
    this.#settings = settings;
  }

  /** Number of the last report made. */
  get lastSequence(): number {
    return this.#sequence;
  }

  /** Reports that the server refused. */
  get discarded(): number {
    return this.#discarded;
  }

  /** Items that reached the server and count nowhere, by its cause. */
  get droppedItems(): Readonly<Record<string, number>> {
    return { ...this.#droppedItems };
  }

  start(): void {
    // The first at a random point of the interval: instances started together report apart.
    this.#reportAfter(this.#intervalMs * this.#settings.random());
  }

  /** The server's wish; takes effect at once. */
  setInterval(intervalMs: number): void {
    if (intervalMs === this.#intervalMs || this.#closed) return;
    this.#intervalMs = intervalMs;
    if (this.#reportTimer) this.#reportAfter(intervalMs * this.#settings.random());
  }

  /** Makes a report of what was collected, if there is room for it, and sends it. */
  report(): void {
    const version = this.#settings.version();
    if (version === undefined || this.#closed) return;
    if (this.#backlog.length < MAX_BACKLOG) this.#seal(version);
    if (this.#retryTimer === undefined) this.#send();
  }

  /** Tries once to deliver everything, and ends. Never rejects. */
  async close(): Promise<void> {
    clearTimeout(this.#reportTimer);
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    this.report();
    this.#closed = true;
    await this.#sending;
  }

  #reportAfter(delayMs: number): void {
    clearTimeout(this.#reportTimer);
    this.#reportTimer = backgroundTimer(() => {
      this.#reportAfter(this.#intervalMs);
      this.report();
    }, delayMs);
  }

  #seal(version: number): void {
    const { instance, collector, clock } = this.#settings;
    const nowMs = clock.nowMs();
    const parts = fittingParts(collector.drain());
    for (const part of parts) {
      this.#sequence += 1;
      // Only with its last part is everything told.
      if (part === parts.at(-1)) this.#throughMs = nowMs;
      const head = { instance, sequence: this.#sequence, version, throughMs: this.#throughMs };
      this.#backlog.push(sealReport(head, part));
    }
  }

  #send(): void {
    this.#sending ??= this.#drainBacklog().finally(() => {
      this.#sending = undefined;
    });
  }

  async #drainBacklog(): Promise<void> {
    for (let report = this.#backlog[0]; report; report = this.#backlog[0]) {
      const waitMs = await this.#deliver(report);
      if (waitMs === undefined) {
        this.#attempt = 0;
        this.#backlog.shift();
        continue;
      }
      if (!this.#closed) this.#retryAfter(waitMs);
      return;
    }
  }

  #retryAfter(waitMs: number): void {
    const backoff = backoffMs(RETRY, this.#attempt, this.#settings.random);
    this.#attempt += 1;
    this.#retryTimer = backgroundTimer(
      () => {
        this.#retryTimer = undefined;
        this.#send();
      },
      Math.max(waitMs, backoff),
    );
  }

  /** Undefined when the report is done with; else how long the server asks to wait at least. */
  async #deliver(report: SealedReport): Promise<number | undefined> {
    const { transport, clock, diagnostics } = this.#settings;
    const sentAt = momentOf(clock);
    try {
      const answer = await transport.exchange({
        method: 'POST',
        path: '/api/v1/sdk/reports',
        body: bodyOf(report, sentAt.wallMs),
        timeoutMs: this.#settings.reportTimeoutMs,
      });
      return this.#judge(report, answer, sentAt);
    } catch (error) {
      diagnostics.info(`report ${report.sequence} was not delivered: ${describe(error)}`);
      return 0;
    }
  }

  #judge(report: SealedReport, answer: Answer, sentAt: Moment): number | undefined {
    if (answer.status === 202) {
      this.#noteUncounted(report, answer);
      this.#settings.onAnswered(sentAt);
      return undefined;
    }
    const problem = isFinal(answer.status) ? problemOf(answer) : undefined;
    // Not an answer of ours: a proxy, or a server that is starting.
    if (!problem) return retryAfterMs(answer.headers, this.#settings.clock.nowMs());
    this.#discard(report, problem.code);
    return undefined;
  }

  /** What the server answers that it counts nowhere. An answer that cannot be read says nothing of it. */
  #noteUncounted({ sequence }: SealedReport, { body }: Answer): void {
    const causes = droppedIn(body);
    if (causes.length === 0) return;
    for (const [cause, items] of causes) {
      this.#droppedItems[cause] = (this.#droppedItems[cause] ?? 0) + items;
    }
    const { diagnostics } = this.#settings;
    diagnostics.warn(
      `the server does not count items of a report (${causes.map(([cause]) => cause).join(', ')})`,
    );
    diagnostics.emit({ type: 'itemsDropped', sequence, items: Object.fromEntries(causes) });
  }

  #discard(report: SealedReport, code: string): void {
    const { collector, diagnostics } = this.#settings;
    this.#discarded += 1;
    collector.drop({ exposures: report.exposures, outcomes: report.outcomes });
    collector.restate(report.dropped);
    collector.restateEvaluated(report.evaluates);
    diagnostics.warn(`the server refused a telemetry report (${code})`);
    diagnostics.emit({ type: 'reportDiscarded', sequence: report.sequence, code });
  }
}

const MOST_CAUSES = 50;

function droppedIn(body: string): readonly (readonly [string, number])[] {
  try {
    const { droppedItems } = JSON.parse(body) as { readonly droppedItems?: object };
    return Object.entries(droppedItems ?? {})
      .filter((entry): entry is [string, number] => Number.isSafeInteger(entry[1]) && entry[1] > 0)
      .slice(0, MOST_CAUSES);
  } catch {
    return [];
  }
}

/** Repeating the request would not help. */
function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429;
}
