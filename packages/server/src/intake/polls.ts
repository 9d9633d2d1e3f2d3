import type { IntakeBody, TelemetryScope } from '@downhaul/control';
import type { Clock } from '../clock/clock.ts';

export interface Poll {
  readonly scope: TelemetryScope;
  readonly instance: string;
  readonly version: number;
}

export interface Polls {
  /** Tells the intake of a poll, unless nothing new is in it. */
  note(poll: Poll): void;
  /** An instance said goodbye: a poll after that is news, whatever was told before. */
  forget(gone: Omit<Poll, 'version'>): void;
}

/** A poll of the same version is told again only after so long: it says no more than «still there». */
const REPEAT_MS = 60_000;
const MAX_INSTANCES = 50_000;

export function createPolls(clock: Clock, tell: (body: IntakeBody) => void): Polls {
  const told = new Map<string, { readonly version: number; readonly atMs: number }>();
  const keyOf = ({ scope, instance }: Omit<Poll, 'version'>): string =>
    `${instance} ${scope.token ?? ''} ${scope.project}/${scope.environment}/${scope.service}`;
  return {
    forget: (gone) => void told.delete(keyOf(gone)),
    note: ({ scope, instance, version }) => {
      const key = keyOf({ scope, instance });
      const nowMs = clock.nowMs();
      const last = told.get(key);
      if (last?.version === version && nowMs - last.atMs < REPEAT_MS) return;
      if (told.size >= MAX_INSTANCES) told.clear();
      told.set(key, { version, atMs: nowMs });
      tell({ type: 'contact', scope, instance, contact: 'polled', version });
    },
  };
}
