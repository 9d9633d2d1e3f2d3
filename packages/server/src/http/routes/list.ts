import type { App } from '../app-types.ts';
import type { ServerContext } from '../context.ts';
import { advanceRollout } from './advance-rollout.ts';
import { archiveFlag } from './archive-flag.ts';
import { backup } from './backup.ts';
import { checkRollout } from './check-rollout.ts';
import { completeRollout } from './complete-rollout.ts';
import { downFlag } from './down-flag.ts';
import { endWatch } from './end-watch.ts';
import { excludeSource } from './exclude-source.ts';
import { explainFlag } from './explain-flag.ts';
import { getFlag } from './get-flag.ts';
import { getHealthz } from './get-healthz.ts';
import { getLatestProof } from './get-latest-proof.ts';
import { getMetric } from './get-metric.ts';
import { getMetrics } from './get-metrics.ts';
import { getOpenapi } from './get-openapi.ts';
import { getPlan } from './get-plan.ts';
import { getProof } from './get-proof.ts';
import { getReadyz } from './get-readyz.ts';
import { getRollout } from './get-rollout.ts';
import { getSdkSnapshot } from './get-sdk-snapshot.ts';
import { getSegment } from './get-segment.ts';
import { getSnapshot } from './get-snapshot.ts';
import { includeSource } from './include-source.ts';
import { issueToken } from './issue-token.ts';
import { listEnvironments } from './list-environments.ts';
import { listFlags } from './list-flags.ts';
import { listInstances } from './list-instances.ts';
import { listMetrics } from './list-metrics.ts';
import { listPlans } from './list-plans.ts';
import { listProjects } from './list-projects.ts';
import { listRehearsals } from './list-rehearsals.ts';
import { listSegments } from './list-segments.ts';
import { listTokens } from './list-tokens.ts';
import { openSdkStream } from './open-sdk-stream.ts';
import { pauseRollout } from './pause-rollout.ts';
import { postAcknowledgement } from './post-acknowledgement.ts';
import { postGoodbye } from './post-goodbye.ts';
import { postOtlpLogs } from './post-otlp-logs.ts';
import { postOtlpMetrics } from './post-otlp-metrics.ts';
import { postOtlpTraces } from './post-otlp-traces.ts';
import { postRehearsal } from './post-rehearsal.ts';
import { postReport } from './post-report.ts';
import { putDocuments } from './put-documents.ts';
import { putEnvironment } from './put-environment.ts';
import { putFlag } from './put-flag.ts';
import { putMetric } from './put-metric.ts';
import { putOverrides } from './put-overrides.ts';
import { putPlan } from './put-plan.ts';
import { putProject } from './put-project.ts';
import { putSegment } from './put-segment.ts';
import { readLog } from './read-log.ts';
import { removeMetric } from './remove-metric.ts';
import { removeSegment } from './remove-segment.ts';
import { resumeRollout } from './resume-rollout.ts';
import { retireInstance } from './retire-instance.ts';
import { retireToken } from './retire-token.ts';
import { revokeToken } from './revoke-token.ts';
import { rollbackRollout } from './rollback-rollout.ts';
import { startRollout } from './start-rollout.ts';
import { tightenRollout } from './tighten-rollout.ts';
import { upFlag } from './up-flag.ts';
import { verifyLog } from './verify-log.ts';

type Route = (app: App, context: ServerContext) => void;

/** At the root, for whoever watches the process. */
export const rootRoutes: readonly Route[] = [getHealthz, getReadyz, getMetrics];

/** OTLP/HTTP, where its exporters look for it. */
export const otlpRoutes: readonly Route[] = [postOtlpTraces, postOtlpMetrics, postOtlpLogs];

/** Below `/api/v1`, in the order of the OpenAPI document. */
export const apiRoutes: readonly Route[] = [
  getOpenapi,
  listProjects,
  putProject,
  listEnvironments,
  putEnvironment,
  listFlags,
  getFlag,
  putDocuments,
  putFlag,
  archiveFlag,
  putOverrides,
  listSegments,
  getSegment,
  putSegment,
  removeSegment,
  listMetrics,
  getMetric,
  putMetric,
  removeMetric,
  listPlans,
  getPlan,
  putPlan,
  listRehearsals,
  postRehearsal,
  getRollout,
  checkRollout,
  startRollout,
  pauseRollout,
  resumeRollout,
  advanceRollout,
  rollbackRollout,
  completeRollout,
  tightenRollout,
  endWatch,
  downFlag,
  upFlag,
  explainFlag,
  getLatestProof,
  getProof,
  getSnapshot,
  listInstances,
  excludeSource,
  includeSource,
  retireInstance,
  retireToken,
  readLog,
  verifyLog,
  listTokens,
  issueToken,
  revokeToken,
  backup,
  getSdkSnapshot,
  openSdkStream,
  postReport,
  postAcknowledgement,
  postGoodbye,
];
