import { type InstanceState, refusedBy } from '@downhaul/control';

/** An instance as the API shows it. */
export interface InstanceView {
  readonly id: string;
  readonly service: string;
  readonly class: string;
  readonly live: boolean;
  /** Id of the token that it last spoke with. */
  readonly token?: string;
  /** Live as far as is known, and unable to say anything: its token was revoked. */
  readonly cutOff: boolean;
  readonly version?: number;
  readonly versionSinceMs?: number;
  readonly firstContactAtMs: number;
  readonly lastContactAtMs: number;
  readonly lastReportAtMs?: number;
  readonly reportsReceived: number;
  readonly reportsLost: number;
  readonly itemsDropped: number;
  readonly streamOpen: boolean;
  /** Since when it reads nothing of its stream, as far as a proof has asked. */
  readonly streamStalledSinceMs?: number;
  readonly sdk?: string;
  readonly unreadable?: { flags: string[]; more: number };
  readonly refused?: { version?: number; why: string; atMs: number };
  readonly left?: { readonly why: string; readonly atMs: number };
}

export function viewInstance(
  instance: InstanceState,
  /** Ids of those in force; absent: nobody is known to be cut off. */
  tokens?: { has(token: string): boolean },
): InstanceView {
  const { left, sdk, lastReportAtMs, token, unreadable } = instance;
  const refused = refusedBy(instance);
  const use = versionInUse(instance);
  const { stalledSinceMs } = instance.stream ?? {};
  return {
    id: instance.id,
    service: instance.service,
    class: instance.class,
    live: left === undefined,
    ...(token === undefined ? {} : { token }),
    cutOff: left === undefined && token !== undefined && tokens?.has(token) === false,
    ...(use ? { version: use.version, versionSinceMs: use.atMs } : {}),
    firstContactAtMs: instance.firstContactAtMs,
    lastContactAtMs: instance.lastContactAtMs,
    ...(lastReportAtMs === undefined ? {} : { lastReportAtMs }),
    reportsReceived: instance.reportsReceived,
    reportsLost: instance.gaps.reduce((sum, [from, to]) => sum + to - from + 1, 0),
    itemsDropped: instance.dropped,
    streamOpen: instance.stream?.open ?? false,
    ...(stalledSinceMs === undefined ? {} : { streamStalledSinceMs: stalledSinceMs }),
    ...(sdk ? { sdk: `${sdk.name} ${sdk.version}` } : {}),
    ...(unreadable ? { unreadable: { ...unreadable, flags: [...unreadable.flags] } } : {}),
    ...(refused ? { refused: { ...refused } } : {}),
    ...(left ? { left } : {}),
  };
}

/** The newest version that the instance said it uses, else was sent, else fetched. */
function versionInUse(
  instance: InstanceState,
): { readonly version: number; readonly atMs: number } | undefined {
  const acknowledged = instance.acknowledged.at(-1);
  // Who acknowledges and has not yet uses nothing of what it was sent.
  if (instance.class === 'acking') return acknowledged;
  const { stream } = instance;
  const written = stream && { version: stream.written ?? stream.version, atMs: stream.atMs };
  return acknowledged ?? written ?? instance.polled;
}
