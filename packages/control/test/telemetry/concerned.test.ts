import { assessProof, flagsRequiring, type ProofState } from '@downhaul/control';
import { describe, expect, test } from 'vitest';
import { activity, exposure, Intake, ROLLOUT, someRollout, START_MS } from '../support/intake.ts';

const VERSION = 20;

/** A rollout in its first stage: `storefront` evaluates its flag and `jobs` does not. */
class TwoServices extends Intake {
  constructor(options: { readonly affects?: readonly string[] } = {}) {
    super();
    const { affects = [] } = options;
    this.add({ type: 'rolloutChanged', change: { position: 10, rollout: someRollout(), affects } });
    this.acknowledge('store-1', 10);
    this.acknowledge('job-1', 10, true, 'jobs');
    this.report({ evaluates: ['new-checkout'] });
    this.report({ instance: 'job-1', evaluates: ['other'] }, 'jobs');
  }

  late(): readonly string[] | undefined {
    this.closeThrough(this.state.rollouts.get(ROLLOUT)?.openBatch ?? 0);
    return this.state.rollouts.get(ROLLOUT)?.recent.at(-1)?.missing;
  }

  proof(input: { affects?: readonly string[]; dependants?: readonly string[] } = {}) {
    const proof: ProofState = {
      id: 'production/new-checkout@20',
      project: 'default',
      environment: 'production',
      flag: 'new-checkout',
      rollout: ROLLOUT,
      version: VERSION,
      openedAtMs: this.openedAtMs,
      kind: 'rollback',
      deadlinesMs: { reached: 30_000, silent: 90_000, recovered: 900_000 },
      clocks: {},
    };
    return assessProof({ proof, telemetry: this.state, nowMs: this.nowMs, ...input });
  }

  readonly openedAtMs = START_MS + 120_000;
}

const missing = ({ clocks }: ReturnType<TwoServices['proof']>) =>
  clocks.reached.missing.map(({ name }) => name);

describe('an instance of a service that does not evaluate the flag', () => {
  test('holds no rollout, however slow it is', () => {
    const intake = new TwoServices();
    intake.beforeClosing = () => intake.report({ evaluates: [] });
    expect(intake.late()).toEqual([]);
    expect(intake.state.rollouts.get(ROLLOUT)?.recent.at(-1)?.complete).toBe(true);
  });

  test('holds it as soon as it evaluates the flag, measured or not, and ever after', () => {
    const intake = new TwoServices();
    intake.report({ instance: 'job-1', evaluates: ['new-checkout'] }, 'jobs');
    intake.report({ instance: 'job-1', evaluates: [] }, 'jobs');
    intake.beforeClosing = () => intake.report({ evaluates: [] });
    expect(intake.late()).toEqual(['jobs/job-1']);
  });

  test.each([{ exposures: [exposure()] }, { activity: [activity()] }])(
    'holds it when it reports a use of it',
    (items) => {
      const intake = new TwoServices();
      intake.report({ instance: 'job-1', evaluates: [], ...items }, 'jobs');
      intake.beforeClosing = () => intake.report({ evaluates: [] });
      expect(intake.late()).toEqual(['jobs/job-1']);
    },
  );

  test('holds it where the flag says that it affects its service', () => {
    const intake = new TwoServices({ affects: ['jobs'] });
    intake.beforeClosing = () => intake.report({ evaluates: [] });
    expect(intake.late()).toEqual(['jobs/job-1']);
  });

  test('holds it where it cannot say what it evaluates', () => {
    const intake = new TwoServices();
    intake.report({ instance: 'job-1' }, 'jobs');
    intake.beforeClosing = () => intake.report({ evaluates: [] });
    expect(intake.late()).toEqual(['jobs/job-1']);
  });

  test('is not waited for in its proof, which counts it', () => {
    const intake = new TwoServices();
    intake.nowMs = intake.openedAtMs;
    intake.acknowledge('store-1', VERSION);
    const view = intake.proof();
    expect(view.clocks.reached.outcome).toBe('proven');
    expect(view.clocks.reached.statement).toContain(
      'Not concerned, as they do not evaluate it: 1 of jobs.',
    );
    expect(view.notConcerned).toEqual({ instances: 1, services: ['jobs'] });
    expect(view.instances.acking).toBe(1);
  });

  test('is waited for while its next report may still tell of the flag', () => {
    const intake = new TwoServices();
    intake.nowMs = intake.openedAtMs - 5_000;
    intake.report({ instance: 'job-1', evaluates: [] }, 'jobs');
    intake.nowMs = intake.openedAtMs + 1_000;
    intake.acknowledge('store-1', VERSION);
    expect(missing(intake.proof())).toEqual(['job-1']);
    intake.report({ instance: 'job-1', evaluates: [] }, 'jobs');
    expect(missing(intake.proof())).toEqual([]);
    intake.report({ instance: 'job-1', evaluates: ['new-checkout'] }, 'jobs');
    expect(missing(intake.proof())).toEqual(['job-1']);
  });

  test('is waited for where it evaluates a flag that requires the one rolled back', () => {
    const intake = new TwoServices();
    intake.nowMs = intake.openedAtMs;
    intake.acknowledge('store-1', VERSION);
    expect(missing(intake.proof({ dependants: ['other'] }))).toEqual(['job-1']);
    expect(missing(intake.proof({ affects: ['jobs'] }))).toEqual(['job-1']);
  });

  test('is waited for where it is a stream or a poll, which say nothing of what they evaluate', () => {
    const intake = new TwoServices();
    const scope = { project: 'default', environment: 'production', service: 'edge' };
    intake.add({ type: 'contact', scope, instance: 'e-1', contact: 'polled', version: 10 });
    intake.nowMs = intake.openedAtMs;
    intake.acknowledge('store-1', VERSION);
    expect(missing(intake.proof())).toEqual(['e-1']);
  });
});

test('the flags that require one are found through others, in a circle too', () => {
  const mentions = new Map(
    [
      ['a', ['b', 'c']],
      ['b', ['d']],
      ['d', ['a']],
    ].map(([key, requiredBy]) => [
      key as string,
      { requiredBy: requiredBy as string[], conflictedBy: [] },
    ]),
  );
  const project = { mentions } as unknown as Parameters<typeof flagsRequiring>[0];
  expect(flagsRequiring(project, 'a')).toEqual(['b', 'c', 'd']);
  expect(flagsRequiring(project, 'z')).toEqual([]);
});
