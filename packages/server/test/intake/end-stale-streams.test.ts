import { createTelemetryState, foldIntake, type IntakeBody } from '@downhaul/control';
import { expect, it } from 'vitest';
import { endStaleStreams } from '../../src/intake/end-stale-streams.ts';

it('ends the streams that nobody saw close, and no others', () => {
  const state = createTelemetryState();
  const scope = { project: 'default', environment: 'production', service: 'storefront' };
  let sequence = 0;
  const tell = (body: IntakeBody) => {
    sequence += 1;
    foldIntake(state, { sequence, atMs: sequence, ...body });
  };
  const contact = (instance: string, what: 'streamOpened' | 'streamClosed') =>
    tell({ type: 'contact', scope, instance, contact: what, version: 7 });
  for (const instance of ['open', 'closed', 'gone']) contact(instance, 'streamOpened');
  contact('closed', 'streamClosed');
  tell({ type: 'goodbye', scope, goodbye: { instance: 'gone', lastSequence: 0 } });
  const told: IntakeBody[] = [];
  endStaleStreams({ state, tell: (body) => told.push(body) });
  expect(told).toEqual([
    { type: 'contact', scope, instance: 'open', contact: 'streamClosed', version: 7 },
  ]);
});
