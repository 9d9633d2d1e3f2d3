import { auditLog } from './audit/log.ts';
import { auditVerify } from './audit/verify.ts';
import { backup } from './backup.ts';
import { down } from './down.ts';
import { envList } from './env/list.ts';
import { envPut } from './env/put.ts';
import { explain } from './explain.ts';
import { flagArchive } from './flag/archive.ts';
import { flagGet } from './flag/get.ts';
import { flagList } from './flag/list.ts';
import { flagOverride } from './flag/override.ts';
import { flagPut } from './flag/put.ts';
import { instances } from './instances.ts';
import { metricGet } from './metric/get.ts';
import { metricList } from './metric/list.ts';
import { metricPut } from './metric/put.ts';
import { metricRemove } from './metric/remove.ts';
import { planGet } from './plan/get.ts';
import { planList } from './plan/list.ts';
import { planPut } from './plan/put.ts';
import { projectList } from './project/list.ts';
import { projectPut } from './project/put.ts';
import { proof } from './proof.ts';
import { rehearse } from './rehearse.ts';
import { restore } from './restore.ts';
import { rolloutAdvance } from './rollout/advance.ts';
import { rolloutCheck } from './rollout/check.ts';
import { rolloutComplete } from './rollout/complete.ts';
import { rolloutEndWatch } from './rollout/end-watch.ts';
import { rolloutExclude } from './rollout/exclude.ts';
import { rolloutInclude } from './rollout/include.ts';
import { rolloutPause } from './rollout/pause.ts';
import { rolloutResume } from './rollout/resume.ts';
import { rolloutRollback } from './rollout/rollback.ts';
import { rolloutStart } from './rollout/start.ts';
import { rolloutStatus } from './rollout/status.ts';
import { rolloutTighten } from './rollout/tighten.ts';
import { rolloutWatch } from './rollout/watch.ts';
import { segmentGet } from './segment/get.ts';
import { segmentList } from './segment/list.ts';
import { segmentPut } from './segment/put.ts';
import { segmentRemove } from './segment/remove.ts';
import { serve } from './serve.ts';
import { snapshotExport } from './snapshot/export.ts';
import { tokenIssue } from './token/issue.ts';
import { tokenList } from './token/list.ts';
import { tokenRevoke } from './token/revoke.ts';
import type { CommandModule } from './types.ts';
import { up } from './up.ts';

/** Every command, in the order of the help: what is needed in a hurry stands first. */
export const commands: readonly CommandModule[] = [
  down,
  up,
  proof,
  rehearse,
  rolloutCheck,
  rolloutStart,
  rolloutWatch,
  rolloutStatus,
  rolloutPause,
  rolloutResume,
  rolloutExclude,
  rolloutInclude,
  rolloutAdvance,
  rolloutRollback,
  rolloutComplete,
  rolloutEndWatch,
  rolloutTighten,
  flagList,
  flagGet,
  flagPut,
  flagArchive,
  flagOverride,
  metricList,
  metricGet,
  metricPut,
  metricRemove,
  planList,
  planGet,
  planPut,
  segmentList,
  segmentGet,
  segmentPut,
  segmentRemove,
  explain,
  instances,
  snapshotExport,
  auditLog,
  auditVerify,
  envList,
  envPut,
  projectList,
  projectPut,
  tokenIssue,
  tokenList,
  tokenRevoke,
  serve,
  backup,
  restore,
];
