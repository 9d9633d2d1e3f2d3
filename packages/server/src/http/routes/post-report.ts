import { type Acceptance, acceptReport, type ControlState, hasVersion } from '@downhaul/control';
import { refusal } from '../../error/refusal.ts';
import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { answers } from '../responses.ts';
import { ReportAnswer, ReportSchema, SdkHeaders, SdkQuery } from '../schema/telemetry.ts';
import { refuseWithoutRoom } from '../../store/room.ts';
import { instanceOf, scopeOf } from '../sdk-scope.ts';

export function postReport(app: App, context: ServerContext): void {
  const { intake, store, log } = context;
  app.post(
    '/sdk/reports',
    {
      config: { access: 'sdk' },
      schema: {
        summary: 'Takes the telemetry report of an instance; a repeated one counts once.',
        operationId: 'postReport',
        querystring: SdkQuery,
        headers: SdkHeaders,
        body: ReportSchema,
        response: answers(ReportAnswer, {
          description: 'What was taken; it is durable.',
          status: 202,
        }),
      },
      // The domain says itself what is wrong with a report, and where.
      validatorCompiler: () => () => true,
    },
    async (request, reply) => {
      refuseWithoutRoom(store);
      if (intake.full) throw refusal('telemetry_busy', {}, { retryAfterSeconds: 2 });
      const scope = scopeOf(request);
      const received = { scope, report: request.body, receivedAtMs: store.nowMs() };
      const acceptance = await intake.judge(() =>
        acceptReport(intake.state, { ...received, newestVersion: log.state.position }),
      );
      const taken = requireAccepted(acceptance);
      const { dropped, accepted, clockCorrectionMs } = taken;
      const report = withKnownVersion(taken.report, log.state);
      const instance = instanceOf(request, report.instance);
      context.admission.admit(scope, instance);
      const { project, environment, service } = scope;
      // In this order no name can be made that reads like another's.
      const source = `${taken.run} ${instance} ${project}/${environment}/${service}`;
      const row = await intake.submit({
        body: {
          type: 'report',
          scope,
          report,
          ...(clockCorrectionMs ? { clockCorrectionMs } : {}),
          ...(taken.losses.length > 0 ? { losses: taken.losses } : {}),
          ...(taken.run > 0 ? { run: taken.run } : {}),
        },
        once: { source, sequence: report.sequence },
      });
      // A repeated report was counted when it came first.
      if (row !== 'duplicate') countDropped(context, dropped, report);
      void reply.code(202);
      return { accepted, duplicate: row === 'duplicate', droppedItems: { ...dropped } };
    },
  );
}

/**
 * A version that is not in the log is of one that a restore took back, or was lost: the items count, the version
 * does not, or it would prove rollbacks that are yet to come.
 */
function withKnownVersion(
  report: Accepted['report'],
  state: Pick<ControlState, 'position' | 'losses'>,
): Accepted['report'] {
  return hasVersion(state, report.version) ? report : { ...report, version: 0 };
}

type Accepted = Extract<Acceptance, { ok: true }>;

function requireAccepted(acceptance: Acceptance): Accepted {
  if (acceptance.ok) return acceptance;
  const { path, message } = acceptance;
  throw refusal('telemetry_invalid', { problem: message }, { path });
}

function countDropped(
  { metrics }: ServerContext,
  dropped: Accepted['dropped'],
  { dropped: unqueued }: Accepted['report'],
): void {
  const own = unqueued.exposures + unqueued.outcomes;
  const causes = own > 0 ? { ...dropped, sdk_queue: own } : dropped;
  for (const [cause, items] of Object.entries(causes)) {
    metrics.count('downhaul_telemetry_items_dropped_total', items, { cause });
  }
}
