import type { Api } from '../../api/api.ts';
import { listEnvironments } from '../../api/lists.ts';
import { EXIT } from '../../exit-code.ts';
import type { Style } from '../../output/style.ts';
import { table } from '../../output/table.ts';
import { formatTime } from '../../view/time.ts';
import type { CommandModule } from '../types.ts';

interface LogEntry {
  readonly position: number;
  readonly hash: string;
  readonly subject: string;
  /** Null where it was erased. */
  readonly justification?: string | null;
  readonly body: {
    readonly type: string;
    readonly atMs: number;
    readonly environment?: string;
    readonly cause?: { readonly text: string };
    readonly actor: { readonly kind: string; readonly id: string };
  };
}

interface LogPage {
  readonly events: readonly LogEntry[];
  readonly next?: number;
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

async function readAll(api: Api, { subject, after, limit }: Range): Promise<readonly LogEntry[]> {
  const events: LogEntry[] = [];
  let from: number | undefined = after;
  while (from !== undefined && events.length < limit) {
    const query = { subject, after: from, limit: Math.min(PAGE_SIZE, limit) };
    const page: LogPage = await api.ask<LogPage>({ path: ['log'], query });
    events.push(...page.events);
    from = page.next;
  }
  return events;
}

function eventLines(events: readonly LogEntry[], style: Style): string[] {
  return table(events, [
    { title: 'position', align: 'right', value: ({ position }) => position },
    { title: 'time', value: ({ body }) => formatTime(body.atMs), mark: style.faint },
    { title: 'who', value: ({ body }) => `${body.actor.kind} ${body.actor.id}` },
    { title: 'what', value: ({ body }) => body.type, mark: style.strong },
    { title: 'subject', value: ({ subject }) => subject },
    { title: 'environment', value: ({ body }) => body.environment },
    { title: 'why', value: whyOf },
  ]);
}

function whyOf({ justification, body }: LogEntry): string | undefined {
  if (justification === null) return '(erased)';
  return justification ?? body.cause?.text;
}
