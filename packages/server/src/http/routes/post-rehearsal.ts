import {
  type FlagDefinition,
  type Plan,
  projectMetrics,
  readPlanDocument,
  recordedService,
  recordOf,
  type RehearsalReport,
  type RehearsalRequest,
  withAll,
} from '@downhaul/control';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { actorOf } from '../../auth/access.ts';
import { Refusal, refusal } from '../../error/refusal.ts';
import { playRehearsal } from '../../rehearsal/play.ts';
import { reportJson } from '../../rehearsal/report-json.ts';
import { judgedPlan, requestOf } from '../../rehearsal/request.ts';
import { threadsFor } from '../../rehearsal/threads.ts';
import type { App } from '../app-types.ts';
import { requireGrant } from '../authenticate.ts';
import type { ServerContext } from '../context.ts';
import { problemOf } from '../problem.ts';
import { Document, EnvironmentPath } from '../schema/common.ts';
import { RehearsalLine } from '../schema/rehearsal.ts';
import { referTo } from '../schema/refer-to.ts';
import { startLines } from '../start-lines.ts';
import { findEnvironment, findFlag, findProject } from './find.ts';

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });

const Body = Type.Object(
  {
    plan: Type.Optional(
      Type.Union([Type.String(), Document('A plan document.')], {
        description: 'Key of a named plan or a plan; absent: the one that the flag declares.',
      }),
    ),
    flag: Type.Optional(Type.String({ description: 'Whose traffic and declared plan it is.' })),
    scenarios: Type.Optional(
      Type.Array(Type.String({ maxLength: 300 }), {
        maxItems: 40,
        description: 'Such as `errors x3 from 25%` (docs/rehearsal.md); absent: the standard ones.',
      }),
    ),
    standard: Type.Optional(
      Type.Boolean({ description: 'The standard scenarios as well as those named.' }),
    ),
    runs: Type.Optional(
      Type.Integer({ minimum: 10, maximum: 10_000, description: 'Of each scenario; 200.' }),
    ),
    seed: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    suggest: Type.Optional(Type.Boolean({ description: 'Try what would mend what was found.' })),
    unitsPerSecond: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1_000_000,
        description: 'Distinct units; absent: as seen lately.',
      }),
    ),
    daySwing: Type.Optional(Type.Number({ minimum: 0, maximum: 0.95 })),
    returningShare: Type.Optional(share('Of the units of a later stage, those seen before.')),
    audienceShare: Type.Optional(share('Of all units, those in an audience of the plan.')),
    rates: Type.Optional(
      Type.Record(Type.String(), share('Chance of a bad outcome in control, by metric.')),
    ),
  },
  { additionalProperties: false },
);
type Body = Static<typeof Body>;

/** So many at once, and never more than there are threads for; whoever comes later is asked to come again. */
const MOST_AT_ONCE = Math.min(2, threadsFor('server'));
/** What takes longer is ended: fewer runs or scenarios will do. */
const LONGEST_MS = 600_000;
const RETRY_AFTER_SECONDS = 10;

/** Rehearses a plan on threads of its own, tells of progress line by line, and records what came of it. */
export function postRehearsal(app: App, context: ServerContext): void {
  let running = 0;
  const stopSignal = context.health.stop.signal;
  app.post(
    '/projects/:project/environments/:environment/rehearsals',
    {
      config: { access: 'change' },
      schema: {
        summary: 'Plays the rollout of a plan through in virtual time, many times, and records it.',
        operationId: 'rehearse',
        params: EnvironmentPath,
        body: Body,
        response: {
          200: {
            description: 'Lines of JSON: progress, then the result or a problem.',
            content: { 'application/x-ndjson': { schema: referTo(RehearsalLine) } },
          },
        },
      },
    },
    async (request, reply) => {
      const asked = askedOf(context, request.params, request.body);
      if (running >= MOST_AT_ONCE) {
        throw refusal('rehearsal_busy', {}, { retryAfterSeconds: RETRY_AFTER_SECONDS });
      }
      running += 1;
      const lines = startLines(reply);
      try {
        const signal = AbortSignal.any([lines.signal, AbortSignal.timeout(LONGEST_MS), stopSignal]);
        const threads = Math.floor(threadsFor('server') / MOST_AT_ONCE);
        const report = await playRehearsal(asked, {
          ...{ threads, signal },
          progress: (progress) => lines.write({ type: 'progress', ...progress }),
        });
        const recorded = await record(context, request, report);
        lines.end({ type: 'result', report: reportJson(report), recorded });
      } catch (error) {
        if (!lines.signal.aborted) {
          lines.end({ type: 'problem', problem: problemLine(context, request, error) });
        }
      } finally {
        running -= 1;
      }
      return reply;
    },
  );
}

type Place = Static<typeof EnvironmentPath>;
type RehearsalPost = FastifyRequest<{ Params: Place; Body: Body }>;

function askedOf(context: ServerContext, place: Place, body: Body): RehearsalRequest {
  findEnvironment(context, place);
  const project = findProject(context, place.project);
  const flag =
    body.flag === undefined
      ? undefined
      : findFlag(context, { project: place.project, flag: body.flag }).definition;
  const declared = flag?.environments[place.environment]?.rollout?.plan;
  const written = planOf(context, place.project, { asked: body.plan, declared });
  const plan = judgedPlan(written, projectMetrics(project));
  const { graceMs, reportIntervalMs } = context.intake.state.options;
  const measured = recordedService({
    ...place,
    flag: flag ?? NO_FLAG,
    plan,
    telemetry: context.intake.state,
    nowMs: context.store.nowMs(),
  });
  const delayMs = context.options.tickInterval;
  const service = { ...measured, timing: { graceMs, reportIntervalMs, delayMs } };
  return requestOf(plan, body, { service, seed: context.ids.hex(8) });
}

/** A plan alone: the traffic of the environment, whatever its flags affect. */
const NO_FLAG: FlagDefinition = {
  ...{ key: '', kind: 'release', type: 'boolean', owner: '', purpose: '' },
  ...{ variants: {}, safe: '', affects: [], conflicts: [], environments: {} },
  requires: { flags: [], services: [], migrations: [] },
};

/** The plan that is asked for: by its key, or as a document; else the one that the flag declares. */
function planOf(context: ServerContext, project: string, { asked, declared }: PlanSources): Plan {
  const plan = asked ?? declared;
  if (typeof plan === 'string') {
    const found = findProject(context, project).plans.get(plan);
    if (!found) throw refusal('plan_unknown', { plan, project }, { path: '/plan' });
    return found.plan;
  }
  if (asked !== undefined) return readPlan(asked);
  if (declared === undefined || typeof declared === 'string') {
    throw refusal('rollout_plan_missing', {}, { path: '/plan' });
  }
  return declared;
}

interface PlanSources {
  readonly asked: Body['plan'];
  /** Read when its flag was put. */
  readonly declared: Plan | string | undefined;
}

function readPlan(document: unknown): Plan {
  const read = readPlanDocument(document);
  if (read.ok) return read.value;
  const problem = withAll(read.problems);
  throw new Refusal({ ...problem, path: `/plan${problem.path}` });
}

async function record(
  context: ServerContext,
  request: RehearsalPost,
  report: RehearsalReport,
): Promise<{ readonly version: number; readonly expiresAtMs: number }> {
  const { project, environment } = request.params;
  const { flag } = request.body;
  const key = context.ids.uuid();
  const outcome = await context.log.execute(
    {
      project,
      actor: actorOf(requireGrant(request)),
      correlationId: request.id,
      idempotencyKey: key,
      type: 'recordRehearsal',
      record: recordOf(report, { environment, ...(flag === undefined ? {} : { flag }) }),
    },
    { commandHash: key },
  );
  if (outcome.kind === 'refused') throw new Refusal(outcome.error);
  if (outcome.kind !== 'done') throw refusal('idempotency_key_reused');
  const { version, expiresAtMs } = outcome.answer;
  return { version, expiresAtMs: Number(expiresAtMs) };
}

/** Refusals are told as they are; anything else is a defect, and its details stay here. */
function problemLine(context: ServerContext, request: FastifyRequest, error: unknown): object {
  if (error instanceof Refusal) return problemOf(error.problem, request.id);
  const tooLong = error instanceof Error && error.name === 'TimeoutError';
  if (!tooLong) context.logger.error({ err: error }, 'a rehearsal failed');
  const { problem } = tooLong
    ? refusal('rehearsal_too_long', { minutes: LONGEST_MS / 60_000 })
    : refusal('server_failed');
  return problemOf(problem, request.id);
}
