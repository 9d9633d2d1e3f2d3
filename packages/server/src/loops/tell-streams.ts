import { instanceKey, type ProofState, type StreamStanding } from '@downhaul/control';
import type { ServerContext } from '../http/context.ts';

/** Streams of one row: a bound on its size. */
const MOST_STREAMS = 1_000;

/**
 * Tells the intake how far streams are that open proofs wait for, where it changed: those of instances that do not
 * acknowledge. A row of its own for each version of each stream would be far more than anybody asks for.
 */
export function tellStreams(
  { intake, streams }: Pick<ServerContext, 'intake' | 'streams'>,
  proofs: readonly ProofState[],
): void {
  const awaited = new Map<string, Awaited>();
  for (const { project, environment, version } of proofs) {
    const key = `${project}/${environment}`;
    const place = awaited.get(key) ?? { project, environment, version, streams: [] };
    awaited.set(key, { ...place, version: Math.max(place.version, version) });
  }
  if (awaited.size === 0) return;
  for (const { scope, ...standing } of streams.standings()) {
    const place = awaited.get(`${scope.project}/${scope.environment}`);
    if (place && isNews(intake, place, standing)) place.streams.push(standing);
  }
  for (const { project, environment, streams: all } of awaited.values()) {
    for (let at = 0; at < all.length; at += MOST_STREAMS) {
      const some = all.slice(at, at + MOST_STREAMS);
      intake.tell({ type: 'streamsWritten', project, environment, streams: some });
    }
  }
}

interface Awaited {
  readonly project: string;
  readonly environment: string;
  /** The newest that a proof waits for. */
  readonly version: number;
  readonly streams: StreamStanding[];
}

function isNews(
  { state }: ServerContext['intake'],
  { project, environment, version }: Awaited,
  { service, instance: id, connection, written, stalledSinceMs }: StreamStanding,
): boolean {
  const { instances } = state.environments.get(`${project}/${environment}`) ?? {};
  const instance = instances?.get(instanceKey(service, id));
  if (instance?.stream?.connection !== connection) return false;
  if (instance.class !== 'sent' || instance.left !== undefined) return false;
  const { written: known = 0, stalledSinceMs: knownStall } = instance.stream;
  if (known >= version) return false;
  return known !== written || knownStall !== stalledSinceMs;
}
