import { type Arm, bucketOf, type Snapshot, unitHash } from '@downhaul/engine';
import type { Api } from './server.ts';
import { emptyReport } from './report.ts';
import { must } from './setup.ts';

export interface Traffic {
  /** Sends one report: so many new units, each exposed now, some with a bad outcome. */
  send(
    units: number,
    badShare: { readonly control: number; readonly treatment: number },
  ): Promise<void>;
}

/** One instance of an SDK that follows the snapshot and reports what a clock of the test says. */
export function createTraffic(api: Api, nowMs: () => number, instance = 'i1'): Traffic {
  const headers = { 'downhaul-instance': instance };
  let sequence = 0;
  let users = 0;
  return {
    send: async (units, badShare) => {
      const { body } = await must(api('GET', '/sdk/snapshot', undefined, headers));
      const snapshot = body as Snapshot;
      await acknowledge(api, snapshot, { instance, sentAtMs: nowMs() });
      const seen = Array.from({ length: units }, () => `${instance}-${(users += 1)}`);
      const exposures = seen.map((user) => exposure(snapshot, user, nowMs()));
      const outcomes = exposures.map(({ unit, arm }, index) => ({
        unit,
        metric: 'http.error_rate',
        atMs: nowMs(),
        value: index % 100 < badShare[arm] * 100 ? 1 : 0,
      }));
      sequence += 1;
      const report = {
        instance,
        sequence,
        sentAtMs: nowMs(),
        version: snapshot.version,
        exposures,
        outcomes,
      };
      await must(api('POST', '/sdk/reports', emptyReport(report), headers));
    },
  };
}

async function acknowledge(
  api: Api,
  { version }: Snapshot,
  { instance, sentAtMs }: { readonly instance: string; readonly sentAtMs: number },
): Promise<void> {
  const body = {
    instance,
    version,
    sdk: { name: 'test', version: '1', formatVersion: 1 },
    capabilities: ['rollout', 'rules'],
    reportsExposures: true,
    sentAtMs,
  };
  await must(api('POST', '/sdk/acknowledgements', body, { 'downhaul-instance': instance }));
}

function exposure(snapshot: Snapshot, user: string, atMs: number) {
  const rollout = snapshot.flags['new-checkout']?.rollout;
  if (!rollout) throw new Error('there is no rollout');
  const share = rollout.allocations[0]?.sharePerMillion ?? 0;
  const arm: Arm = bucketOf(rollout.salt, user) < share ? 'treatment' : 'control';
  return {
    flag: 'new-checkout',
    rollout: rollout.id,
    stage: rollout.stage,
    allocation: 0,
    arm: arm,
    served: true,
    version: snapshot.version,
    unit: unitHash(snapshot.unitSalt, user),
    atMs,
  };
}
