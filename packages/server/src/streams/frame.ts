import type { StreamMessage } from '@downhaul/engine';

/** After so long the client opens a new stream (WHATWG HTML, 9.2.6); it is no event. */
export function encodeRetry(retryMs: number): Buffer {
  return Buffer.from(`retry: ${retryMs}\n\n`);
}

/** One server-sent event, ready for the wire. `id` is the version that it leads to. */
export function encodeFrame(message: StreamMessage): Buffer {
  const { event, data } = message;
  return Buffer.from(`id: ${data.version}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
