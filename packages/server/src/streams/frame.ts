import type { StreamMessage } from '@downhaul/engine';

/** One server-sent event, ready for the wire. `id` is the version that it leads to. */
export function encodeFrame(message: StreamMessage): Buffer {
  const { event, data } = message;
  return Buffer.from(`id: ${data.version}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
