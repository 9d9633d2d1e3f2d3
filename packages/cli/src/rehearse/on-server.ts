import type { RehearsalLine, RehearsalReport } from '../api/answers.ts';
import type { Api } from '../api/api.ts';
import { errorOfResponse } from '../api/problem.ts';
import { CommandError } from '../error.ts';
import { EXIT } from '../exit-code.ts';
import type { PlayedSoFar } from './progress.ts';
import type { Asked } from './read-asked.ts';

export interface Rehearsed {
  readonly report: RehearsalReport;
  /** Null where nothing was recorded. */
  readonly recorded: { readonly version: number; readonly expiresAtMs: number } | null;
}

interface OnServer {
  readonly place: { readonly project: string; readonly environment: string };
  readonly body: Asked & {
    readonly plan?: string | Record<string, unknown>;
    readonly flag?: string;
  };
  readonly progress: (played: PlayedSoFar) => void;
}

const LONG = { timeoutMs: 660_000 };

/** Has a server rehearse, follows its progress, and gives what it recorded. */
export async function rehearseOnServer(
  api: Api,
  { place, body, progress }: OnServer,
): Promise<Rehearsed> {
  const stream = await api.change(
    (client, how) =>
      client.POST('/api/v1/projects/{project}/environments/{environment}/rehearsals', {
        params: { path: place },
        body,
        parseAs: 'stream' as const,
        ...how,
      }),
    LONG,
  );
  for await (const line of linesOf(stream as unknown as ReadableStream<Uint8Array>)) {
    if (line.type === 'progress') progress(line);
    else if (line.type === 'result') return line;
    else throw errorOfResponse(line.problem.status, line.problem);
  }
  throw new CommandError({
    exitCode: EXIT.unreachable,
    code: 'cli_answer_cut',
    message: 'the answer of the server ended before its result',
  });
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<RehearsalLine> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const texts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = texts.pop() ?? '';
    for (const text of texts) if (text !== '') yield JSON.parse(text) as RehearsalLine;
  }
}
