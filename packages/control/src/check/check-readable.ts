import { unattributedSince } from '../telemetry/fault/fault-of.ts';
import type { CheckInput, CheckItem } from './types.ts';

const DAY_MS = 86_400_000;

/** Whether telemetry could be read lately, and that of the flag's earlier attempts at all; nothing where it could. */
export function checkReadable(input: CheckInput): CheckItem[] {
  const { project, environment, flag, telemetry, nowMs } = input;
  const own = `${project}/${environment}/${flag.key}#`;
  const faults = [...telemetry.faults].filter(([rollout]) => rollout.startsWith(own));
  const nobodys = unattributedSince(telemetry, nowMs - DAY_MS);
  const [latest] = faults.toSorted(([, one], [, other]) => other.lastAtMs - one.lastAtMs);
  return [
    ...(latest === undefined
      ? []
      : [item(`${count(latest[1].rows)} of ${latest[0]} could not be read`, latest[1].text)]),
    ...(nobodys === undefined
      ? []
      : [
          item(
            `${count(nobodys.rows)} of telemetry could not be read, the last within a day`,
            nobodys.text,
          ),
        ]),
  ];
}

function item(what: string, text: string): CheckItem {
  return {
    code: 'telemetry_readable',
    ok: false,
    text: `${what} (${text}). A rollout that cannot be judged is rolled back.`,
    remedy:
      'It is a defect of the server: report it with the line of its log, and update the server.',
  };
}

function count(rows: number): string {
  return rows === 1 ? 'A row' : `${rows} rows`;
}
