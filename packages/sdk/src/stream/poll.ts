import { describe } from '../client/diagnostics.ts';
import type { SnapshotHolder } from '../snapshot/holder.ts';
import type { SnapshotIntake } from '../snapshot/intake.ts';
import { retryAfterMs } from '../transport/retry-after.ts';
import type { Answer, Transport } from '../transport/transport.ts';

export interface PollResult {
  readonly outcome: 'confirmed' | 'failed' | 'denied';
  readonly reason?: string;
  readonly retryAfterMs?: number;
}

interface PollerSettings {
  readonly transport: Transport;
  readonly holder: SnapshotHolder;
  readonly intake: SnapshotIntake;
  readonly pollTimeoutMs: number;
  readonly nowMs: () => number;
}

/** Fetches the whole snapshot, or hears that the one held is still right. */
export class Poller {
  readonly #settings: PollerSettings;
  #etag: { readonly text: string; readonly version: number; readonly hash: string } | undefined;

  constructor(settings: PollerSettings) {
    this.#settings = settings;
  }

  /** Never rejects. */
  async poll(): Promise<PollResult> {
    const etag = this.#usableEtag();
    try {
      const answer = await this.#settings.transport.exchange({
        method: 'GET',
        path: '/api/v1/sdk/snapshot',
        headers: etag === undefined ? {} : { 'if-none-match': etag },
        timeoutMs: this.#settings.pollTimeoutMs,
      });
      return this.#take(answer, etag !== undefined);
    } catch (error) {
      return { outcome: 'failed', reason: describe(error) };
    }
  }

  #usableEtag(): string | undefined {
    const held = this.#settings.holder.current?.snapshot;
    const etag = this.#etag;
    return etag?.version === held?.version && etag?.hash === held?.hash ? etag?.text : undefined;
  }

  #take(answer: Answer, conditional: boolean): PollResult {
    if (answer.status === 304 && conditional) {
      this.#settings.intake.heard('poll');
      return { outcome: 'confirmed' };
    }
    if (answer.status === 200) return this.#takeSnapshot(answer);
    const denied = answer.status === 401 || answer.status === 403;
    return {
      outcome: denied ? 'denied' : 'failed',
      reason: `the snapshot was answered with ${answer.status}`,
      retryAfterMs: retryAfterMs(answer.headers, this.#settings.nowMs()),
    };
  }

  #takeSnapshot(answer: Answer): PollResult {
    const { intake, holder } = this.#settings;
    let content: unknown;
    try {
      content = JSON.parse(answer.body);
    } catch (error) {
      return { outcome: 'failed', reason: `the snapshot is no JSON: ${describe(error)}` };
    }
    const verdict = intake.offerSnapshot(content, 'poll');
    if (verdict === 'refused') return { outcome: 'failed', reason: 'the snapshot was refused' };
    const held = holder.current?.snapshot;
    const text = answer.headers.etag;
    if (held && text !== undefined && verdict !== 'waiting') {
      this.#etag = { text, version: held.version, hash: held.hash };
    }
    return { outcome: 'confirmed' };
  }
}
