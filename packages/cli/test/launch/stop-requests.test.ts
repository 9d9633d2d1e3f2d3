import { describe, expect, it } from 'vitest';
import { createStopRequests } from '../../src/launch/stop-requests.ts';

function setUp() {
  const told: string[] = [];
  const echoes: (() => void)[] = [];
  const requests = createStopRequests({
    stop: (signal) => void told.push(`stop ${signal}`),
    end: (signal) => void told.push(`end ${signal}`),
    afterEchoes: (callback) => void echoes.push(callback),
  });
  const later = (): void => echoes.splice(0).forEach((callback) => callback());
  return { told, later, ...requests };
}

describe('what signals ask for', () => {
  it('one Ctrl-C reaches the process and its launcher, however late: it stops once, in order', () => {
    const { told, later, receive } = setUp();
    receive('own', 'SIGINT');
    later();
    receive('launcher', 'SIGINT');
    later();
    receive('orphaned', 'SIGTERM');
    expect(told).toEqual(['stop SIGINT']);
  });

  it('a second Ctrl-C ends it at once', () => {
    const { told, later, receive } = setUp();
    for (const source of ['own', 'launcher'] as const) receive(source, 'SIGINT');
    later();
    receive('launcher', 'SIGINT');
    expect(told).toEqual(['stop SIGINT', 'end SIGINT']);
  });

  it('a signal that is sent twice in one moment counts once, as `timeout` does', () => {
    const { told, later, receive } = setUp();
    receive('own', 'SIGTERM');
    receive('own', 'SIGTERM');
    expect(told).toEqual(['stop SIGTERM']);
    later();
    receive('own', 'SIGTERM');
    expect(told).toEqual(['stop SIGTERM', 'end SIGTERM']);
  });

  it('SIGHUP stops in order, and never by force: systemd and shells send it after others', () => {
    const { told, later, receive } = setUp();
    for (let times = 0; times < 3; times += 1) {
      receive('own', 'SIGHUP');
      later();
    }
    expect(told).toEqual(['stop SIGHUP']);
  });

  it('whoever is left behind stops in order, however often that is seen', () => {
    const { told, later, receive } = setUp();
    receive('orphaned', 'SIGTERM');
    later();
    receive('orphaned', 'SIGTERM');
    receive('own', 'SIGINT');
    expect(told).toEqual(['stop SIGTERM']);
  });
});
