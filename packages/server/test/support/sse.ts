import { type ClientRequest, type IncomingMessage, request } from 'node:http';

export interface SseEvent {
  readonly id: number;
  readonly event: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look at the shape themselves
  readonly data: any;
}

export interface Sse {
  readonly status: number;
  /** Every event so far. */
  readonly events: readonly SseEvent[];
  /** The first event, had or to come, that the condition holds for. */
  readonly first: (holds: (event: SseEvent) => boolean) => Promise<SseEvent>;
  readonly ended: Promise<void>;
  readonly close: () => void;
}

/** Opens a stream and reads it. */
export function openSse(url: string, headers: Readonly<Record<string, string>>): Promise<Sse> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent: false });
    sent.once('error', reject);
    sent.once('response', (response) => resolve(read(sent, response)));
    sent.end();
  });
}

function read(sent: ClientRequest, response: IncomingMessage): Sse {
  const events: SseEvent[] = [];
  const waiting: { holds: (event: SseEvent) => boolean; found: (event: SseEvent) => void }[] = [];
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parse(block);
      events.push(event);
      for (const each of waiting) if (each.holds(event)) each.found(event);
    }
  });
  return {
    status: response.statusCode ?? 0,
    events,
    first: (holds) => {
      const had = events.find(holds);
      return had ? Promise.resolve(had) : new Promise((found) => waiting.push({ holds, found }));
    },
    ended: new Promise((ended) => response.once('close', () => ended())),
    close: () => sent.destroy(),
  };
}

function parse(block: string): SseEvent {
  const fields = new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)] as const;
    }),
  );
  return {
    id: Number(fields.get('id')),
    event: fields.get('event') ?? '',
    data: JSON.parse(fields.get('data') ?? 'null'),
  };
}
