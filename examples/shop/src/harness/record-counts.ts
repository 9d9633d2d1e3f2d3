import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LoadRecord } from '../load/record.ts';

/** Reads the load generator's record. A last line cut short by a kill is left out. */
export async function readRecord(file: string): Promise<LoadRecord[]> {
  const records: LoadRecord[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    try {
      records.push(JSON.parse(line) as LoadRecord);
    } catch {
      continue;
    }
  }
  return records.sort((a, b) => a.atMs - b.atMs);
}

/** Where a rollout stood from a log position on: undefined: in no stage. */
export interface StageChange {
  readonly position: number;
  readonly stage: number | undefined;
}

export interface ArmUnits {
  readonly treatment: number;
  readonly control: number;
}

/**
 * Distinct users per stage and arm as the users saw it: a user belongs to the first arm met in a
 * stage. Only evaluations that the rollout decided (reason SPLIT) count.
 */
export function unitsSeen(
  records: readonly LoadRecord[],
  flag: string,
  changes: readonly StageChange[],
): Map<number, ArmUnits> {
  const users = new Map<number, Map<string, boolean>>();
  for (const record of records) {
    for (const served of record.served) {
      if (served.flag !== flag || served.reason !== 'SPLIT') continue;
      const stage = stageAt(changes, served.version);
      if (stage === undefined) continue;
      let inStage = users.get(stage);
      if (inStage === undefined) users.set(stage, (inStage = new Map<string, boolean>()));
      if (!inStage.has(record.user)) inStage.set(record.user, served.on);
    }
  }
  return new Map([...users].map(([stage, arms]) => [stage, countArms(arms.values())]));
}

function countArms(arms: Iterable<boolean>): ArmUnits {
  let treatment = 0;
  let control = 0;
  for (const on of arms) {
    if (on) treatment += 1;
    else control += 1;
  }
  return { treatment, control };
}

function stageAt(changes: readonly StageChange[], version: number): number | undefined {
  let stage: number | undefined;
  for (const change of changes) {
    if (change.position > version) break;
    stage = change.stage;
  }
  return stage;
}

/** What a feature did to users, from the record alone. */
export interface HarmSeen {
  readonly users: number;
  readonly firstAtMs: number | undefined;
  readonly lastAtMs: number | undefined;
}

/** Distinct users and the time span of responses that `isHarm` says the flag's treatment hurt. */
export function harmSeen(
  records: readonly LoadRecord[],
  flag: string,
  isHarm: (record: LoadRecord) => boolean,
): HarmSeen {
  const hurt = records.filter(
    (record) => record.served.some((served) => served.flag === flag && served.on) && isHarm(record),
  );
  return {
    users: new Set(hurt.map((record) => record.user)).size,
    firstAtMs: hurt[0]?.atMs,
    lastAtMs: hurt.reduce<number | undefined>(
      (last, record) => Math.max(last ?? 0, record.atMs + record.tookMs),
      undefined,
    ),
  };
}
