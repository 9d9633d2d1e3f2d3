import type { FastifyReply } from 'fastify';

/** An answer that comes line by line, each a JSON value. */
interface Lines {
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
  write(line: object): void;
  end(line: object): void;
}

/** From here on the response is written to directly, not by the framework. */
export function startLines(reply: FastifyReply): Lines {
  reply.hijack();
  const { raw } = reply;
  const gone = new AbortController();
  raw.once('close', () => gone.abort(new Error('the client is gone')));
  raw.writeHead(200, {
    'content-type': 'application/x-ndjson; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const text = (line: object) => `${JSON.stringify(line)}\n`;
  return {
    signal: gone.signal,
    write: (line) => void raw.write(text(line)),
    end: (line) => void raw.end(text(line)),
  };
}
