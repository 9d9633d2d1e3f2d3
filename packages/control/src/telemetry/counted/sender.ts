import type { EnvironmentTelemetry } from '../state.ts';
import type { TelemetryScope } from '../types.ts';
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
  const { instance } = body.sender;
  const { atMs } = heard;
  const { service, token } = heard.scope;
  const throughMs = Math.min(body.sender.throughMs, atMs);
  const known = environment.senders.get(senderKey({ service, instance }));
  if (known !== undefined) {
    known.lastAtMs = Math.max(known.lastAtMs, atMs);
    known.throughMs = Math.max(known.throughMs, throughMs);
    if (token !== undefined) known.token = token;
    delete known.retiredAtMs;
    return;
  }
  const tells = body.items.length + (body.exposures?.length ?? 0) + (body.uses?.length ?? 0) > 0;
  if (!tells || environment.senders.size >= MAX_SENDERS) return;
  const sender: Sender = {
    service,
    instance,
    firstAtMs: atMs,
    lastAtMs: atMs,
    throughMs,
    ...(token === undefined ? {} : { token }),
  };
  environment.senders.set(senderKey(sender), sender);
}

/** Names it within its environment, apart from all others and from instances of the SDK. */
export function senderKey({ service, instance }: Pick<Sender, 'service' | 'instance'>): string {
  return JSON.stringify(['otlp', service, instance]);
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
