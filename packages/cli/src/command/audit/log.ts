import type { LogEntry } from '../../api/answers.ts';
import type { Api } from '../../api/api.ts';
import { listEnvironments } from '../../api/lists.ts';
import { EXIT } from '../../exit-code.ts';
import type { Style } from '../../output/style.ts';
import { table } from '../../output/table.ts';
import { formatTime } from '../../view/time.ts';
import type { CommandModule } from '../types.ts';

/** What every event says of itself, whatever it is about. */
interface EventBody {
  readonly type: string;
  readonly atMs: number;
  readonly environment?: string;
  readonly cause?: { readonly text: string };
  readonly actor: { readonly kind: string; readonly id: string; readonly name?: string };
}

const PAGE_SIZE = 1_000;

export const auditLog: CommandModule = {
  words: ['audit', 'log'],
  summary: 'Print what was changed, when, by whom and why',
  options: [
    { syntax: '-n, --limit <count>', description: 'how many of the newest (default 20)' },
    { syntax: '--after <position>', description: 'the first ones behind this position instead' },
    { syntax: '--flag <flag>', description: 'only of this flag' },
    {
      syntax: '--subject <subject>',
      description: 'only of this subject, such as default/plan:canary',
    },
  ],
  examples: [
    'downhaul audit log --flag new-checkout',
    'downhaul audit log --after 1000 --limit 500 --json',
  ],
  run: async ({ api, printer, project }, input) => {
    const flag = input.text('flag');
    const subject =
      input.text('subject') ?? (flag === undefined ? undefined : `${project}/flag:${flag}`);
    const limit = Math.max(1, input.integer('limit') ?? 20);
    const after = input.integer('after');
    const events =
      after === undefined
        ? await newest(api(), { project, subject, limit })
        : (await readAll(api(), { subject, after, limit })).slice(0, limit);
    printer.result({ events }, () =>
      events.length === 0 ? ['no events'] : eventLines(events, printer.style),
    );
    return EXIT.ok;
  },
};

interface Range {
  readonly subject: string | undefined;
  readonly after: number;
  /** Stop when there are as many. */
  readonly limit: number;
}

/** The log is read forwards: begin shortly before what the environments say was last changed. */
async function newest(
  api: Api,
  wanted: {
    readonly project: string;
    readonly subject: string | undefined;
    readonly limit: number;
  },
): Promise<readonly LogEntry[]> {
  const { project, subject, limit } = wanted;
  let after = 0;
  if (subject === undefined) {
    const versions = (await listEnvironments(api, project)).map(({ version }) => version);
    after = Math.max(0, Math.max(0, ...versions) - limit);
  }
  return (await readAll(api, { subject, after, limit: Infinity })).slice(-limit);
}

interface LogPage {
  readonly events: readonly LogEntry[];
  readonly next?: number;
}

async function readAll(api: Api, { subject, after, limit }: Range): Promise<readonly LogEntry[]> {
  const events: LogEntry[] = [];
  let from: number | undefined = after;
  while (from !== undefined && events.length < limit) {
    const query = {
      after: from,
      limit: Math.min(PAGE_SIZE, limit),
      ...(subject === undefined ? {} : { subject }),
    };
    const page: LogPage = await api.ask((client, how) =>
      client.GET('/api/v1/log', { params: { query }, ...how }),
    );
    events.push(...page.events);
    from = page.next;
  }
  return events;
}

function eventLines(events: readonly LogEntry[], style: Style): string[] {
  const rows = events.map(({ body, ...entry }) => ({ ...(body as EventBody), ...entry }));
  return table(rows, [
    { title: 'position', align: 'right', value: ({ position }) => position },
    { title: 'time', value: ({ atMs }) => formatTime(atMs), mark: style.faint },
    { title: 'who', value: ({ actor }) => whoText(actor) },
    { title: 'what', value: ({ type }) => type, mark: style.strong },
    { title: 'subject', value: ({ subject }) => subject },
    { title: 'environment', value: ({ environment }) => environment },
    {
      title: 'why',
      value: ({ justification, cause }) =>
        justification === null ? '(erased)' : (justification ?? cause?.text),
    },
  ]);
}

/** Events of earlier releases have the name of the token as its id. */
function whoText({ kind, id, name }: EventBody['actor']): string {
  return name === undefined ? `${kind} ${id}` : `${kind} ${name} (${id})`;
}
