import type { Goodbye } from '@downhaul/engine';
import type { Transport } from '../transport/transport.ts';

interface GoodbyeInput {
  readonly transport: Transport;
  readonly instance: string;
  readonly lastSequence: number;
  readonly timeoutMs: number;
}

/** Tells the server that this instance ends, so that no proof waits for it. Never rejects. */
export async function sayGoodbye(input: GoodbyeInput): Promise<void> {
  const { transport, instance, lastSequence, timeoutMs } = input;
  const goodbye: Goodbye = { instance, lastSequence };
  try {
    await transport.exchange({
      method: 'POST',
      path: '/api/v1/sdk/goodbyes',
      body: JSON.stringify(goodbye),
      timeoutMs,
    });
  } catch {
    // The server learns it from the instance's silence instead.
  }
}
