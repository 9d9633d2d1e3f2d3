import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RehearsalReport } from '../api/answers.ts';
import type { Api } from '../api/api.ts';
import { placeOf } from '../document/place.ts';
import { placeRefusal } from '../document/place-refusal.ts';
import { readDocuments } from '../document/read.ts';
import type { WrittenDocument } from '../document/types.ts';
import { CommandError } from '../error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Io } from '../io/types.ts';
import { type Rehearsed, rehearseOnServer } from '../rehearse/on-server.ts';
import { type ProgressView, progressView } from '../rehearse/progress.ts';
import { type Asked, askedOptions, readAsked } from '../rehearse/read-asked.ts';
import { reportLines } from '../rehearse/report-lines.ts';
import { rehearseHere } from '../serve/rehearse-offline.ts';
import type { CommandInput } from './input.ts';
import type { CommandContext, CommandModule } from './types.ts';

export const rehearse: CommandModule = {
  words: ['rehearse'],
  summary: 'Play a rollout through in virtual time, many times, before it starts',
  description:
    'Plays the rollout of a flag or plan through the real controller and judge in virtual time, healthy and with failures: how often it would be rolled back for nothing, what it would miss, how many users would be harmed, how long it takes, and what to change. A server uses what it has measured and records what came of it. A plan file with --traffic is rehearsed here, without a server. Exit code 7 when something that the plan must find or leave alone is amiss.',
  arguments: [{ syntax: '<what>', description: 'key of a flag or plan, or a file with a plan' }],
  options: [
    ...askedOptions,
    { syntax: '--plan <plan>', description: 'which plan, of a file with several' },
    {
      syntax: '--offline',
      description: 'here, without a server; figures that are not given are assumed',
    },
    {
      syntax: '--on-server',
      description: 'on the server, although a file and --traffic are given',
    },
  ],
  examples: [
    'downhaul rehearse new-checkout',
    'downhaul rehearse canary --scenario "errors x3 from 25%" --runs 1000',
    'downhaul rehearse plan.yaml --traffic 200/s --error-rate 0.1%',
  ],
  run: async (context, input) => {
    const { io, printer } = context;
    const view = progressView(io, printer.json);
    const rehearsed = await rehearsedBy(context, input, view).finally(() => view.end());
    printer.result(rehearsed, () => reportLines(rehearsed, printer.style));
    return exitCodeOf(rehearsed.report);
  },
};

async function rehearsedBy(
  { io, api, project, environment }: CommandContext,
  input: CommandInput,
  view: ProgressView,
): Promise<Rehearsed> {
  const what = input.argument(0);
  const asked = readAsked(input);
  const progress = (played: Parameters<ProgressView['show']>[0]): void => view.show(played);
  const place = { project, environment };
  if (!isFile(io, what)) return byKey(api(), { what, asked, place, progress });
  const { plan, metrics } = await readFile(io, what, input.text('plan'));
  const isHere = input.enabled('offline') || asked.unitsPerSecond !== undefined;
  if (isHere && !input.enabled('onServer')) {
    const signal = io.interrupted;
    return {
      report: await rehearseHere({ plan, metrics, asked, signal, progress }),
      recorded: null,
    };
  }
  const body = { ...asked, plan: { ...plan.value } };
  return rehearseOnServer(api(), { place, body, progress }).catch((error: unknown) => {
    throw placeRefusal(error, plan, '/plan');
  });
}

interface ByKey {
  readonly what: string;
  readonly asked: Asked;
  readonly place: { readonly project: string; readonly environment: string };
  readonly progress: ProgressView['show'];
}

/** A flag with its declared plan and its own traffic; a plan where there is no such flag. */
async function byKey(api: Api, { what, asked, place, progress }: ByKey): Promise<Rehearsed> {
  try {
    return await rehearseOnServer(api, { place, progress, body: { ...asked, flag: what } });
  } catch (error) {
    const isNoFlag = error instanceof CommandError && error.failure.code === 'flag_unknown';
    if (!isNoFlag) throw error;
    return rehearseOnServer(api, { place, progress, body: { ...asked, plan: what } });
  }
}

function isFile(io: Io, what: string): boolean {
  return what === '-' || /[./\\]/.test(what) || existsSync(resolve(io.directory, what));
}

async function readFile(
  io: Io,
  file: string,
  wanted: string | undefined,
): Promise<{ readonly plan: WrittenDocument; readonly metrics: readonly WrittenDocument[] }> {
  const documents = await readDocuments(io, [file]);
  const plans = documents.filter(({ kind }) => kind === 'plan');
  const [plan, ...others] = plans.filter(({ key }) => wanted === undefined || key === wanted);
  if (plan !== undefined && others.length === 0) {
    return { plan, metrics: documents.filter(({ kind }) => kind === 'metric') };
  }
  const [first] = documents;
  throw new CommandError({
    exitCode: EXIT.usage,
    code: 'cli_document_kind',
    message: `${file} has ${plans.length} plans`,
    place: first && placeOf(first.source, ''),
    accepted:
      plans.length === 0
        ? 'a document with `plan:` at its top'
        : `--plan with one of ${plans.map(({ key }) => key).join(', ')}`,
  });
}

/** What a plan tolerates is no failure of it; everything else that was found in a demanded scenario is. */
function exitCodeOf({ findings, scenarios }: RehearsalReport): ExitCode {
  const demanded = new Set(
    scenarios.filter((each) => each.demanded).map(({ scenario }) => scenario),
  );
  const amiss = findings.some(
    ({ code, scenario }) => code !== 'failure_within_margin' && demanded.has(scenario),
  );
  return amiss ? EXIT.checkFailed : EXIT.ok;
}
