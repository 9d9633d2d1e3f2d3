import { environmentKey, type EnvironmentTelemetry, type TelemetryState } from '../state.ts';
import type { TelemetryScope } from '../types.ts';
import { AHEAD_MS, type ClockCorrection, correctionOf, noteSenderClock } from './sender-clock.ts';
import type { CountedBody, Sender } from './types.ts';

const FORGOTTEN_MS = 86_400_000;
const MAX_SENDERS = 10_000;

/** Remembers who told. One that never told of a rollout is not waited for. */
export function noteSender(
  environment: EnvironmentTelemetry,
  body: CountedBody,
  heard: { readonly scope: TelemetryScope; readonly atMs: number },
): void {
  if (body.sender === undefined) return;
  const { instance, differenceMs, lost = 0 } = body.sender;
  const { atMs } = heard;
  const { service, token } = heard.scope;
  const throughMs = Math.min(body.sender.throughMs, atMs);
  const key = senderKey({ service, instance });
  let sender = environment.senders.get(key);
  if (sender === undefined) {
    if (!tells(body) || environment.senders.size >= MAX_SENDERS) return;
    sender = { service, instance, firstAtMs: atMs, lastAtMs: atMs, throughMs };
    environment.senders.set(key, sender);
  }
  sender.lastAtMs = Math.max(sender.lastAtMs, atMs);
  sender.throughMs = Math.max(sender.throughMs, throughMs);
  if (token !== undefined) sender.token = token;
  delete sender.retiredAtMs;
  if (lost > 0) sender.lostAtMs = atMs;
  if (differenceMs !== undefined) {
    sender.clock = noteSenderClock(sender.clock, differenceMs, atMs);
  }
}

/** Names it within its environment, apart from all others and from instances of the SDK. */
export function senderKey({ service, instance }: Pick<Sender, 'service' | 'instance'>): string {
  return JSON.stringify(['otlp', service, instance]);
}

/** What was told and could not be placed in time is told all the same: it must not look like silence. */
function tells({ items, points = [], exposures = [], uses = [], sender }: CountedBody): boolean {
  const told = items.length + points.length + exposures.length + uses.length;
  return told + (sender?.lost ?? 0) > 0;
}

/** The correction of what an export tells whose newest time was so much before it was received. Pure. */
export function senderCorrection(
  state: TelemetryState,
  from: { readonly scope: TelemetryScope; readonly instance: string; readonly isNamed: boolean },
  at: { readonly differenceMs: number; readonly receivedAtMs: number },
): ClockCorrection {
  const { scope, instance, isNamed } = from;
  const { differenceMs, receivedAtMs } = at;
  // Several processes may stand behind one name: none is corrected by what another told.
  if (!isNamed) {
    const aheadMs = differenceMs < -AHEAD_MS ? differenceMs : 0;
    return { placeMs: aheadMs, provenMs: aheadMs };
  }
  const senders = state.environments.get(environmentKey(scope))?.senders;
  const sender = senders?.get(senderKey({ service: scope.service, instance }));
  return correctionOf(sender?.clock, differenceMs, receivedAtMs);
}

/** As proofs and sentences call it. */
export function senderName({ service, instance }: Pick<Sender, 'service' | 'instance'>): string {
  return `otlp:${service}/${instance}`;
}

export function forgetOldSenders({ senders }: EnvironmentTelemetry, nowMs: number): void {
  for (const [name, { lastAtMs }] of senders) {
    if (nowMs - lastAtMs > FORGOTTEN_MS) senders.delete(name);
  }
}
