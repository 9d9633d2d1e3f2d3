import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakePrometheus {
  readonly url: string;
  /** What was asked, in order. */
  readonly asked: {
    readonly query: string;
    readonly time: string;
    readonly authorization?: string;
  }[];
  dispose(): Promise<void>;
}

/** Real HTTP on a free port; `answer` decides what comes back. */
export async function fakePrometheus(
  answer: (query: string, response: ServerResponse, time: string) => void,
): Promise<FakePrometheus> {
  const asked: FakePrometheus['asked'] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const form = new URLSearchParams(body);
      const { authorization } = request.headers;
      const time = form.get('time') ?? '';
      asked.push({
        query: form.get('query') ?? '',
        time,
        ...(authorization ? { authorization } : {}),
      });
      answer(form.get('query') ?? '', response, time);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    dispose: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** An answer of one series per figure, with other members `beside` its data. */
export function sendFigures(
  response: ServerResponse,
  figures: readonly (number | string)[],
  beside: object = {},
): void {
  const result = figures.map((figure, index) => ({
    metric: { pod: `p${index}` },
    value: [1_700_000_000, String(figure)],
  }));
  response.setHeader('content-type', 'application/json');
  const data = { resultType: 'vector', result };
  response.end(JSON.stringify({ status: 'success', data, ...beside }));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
