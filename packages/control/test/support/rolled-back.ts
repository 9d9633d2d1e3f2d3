import { assessProof, type ProofState, type ProofView } from '@downhaul/control';
import { exposure, Intake, outcome, ROLLOUT, SCOPE, someRollout, unitOf } from './intake.ts';

export const VERSION = 20;
export const MINUTE_MS = 60_000;
export const ERRORS = 'http.error_rate@60000';
export const PLACE = { project: 'default', environment: 'production' };

const FROZEN = {
  nextStageUnits: 1,
  hypotheses: {
    [ERRORS]: {
      baselineRate: 0.01,
      baselineUnits: 1_000,
      baselineUpper: 0.02,
      harmNull: { ratio: 1.05, excess: 0.0005 },
      nonInferiorityNull: { ratio: 1.05, excess: 0.001 },
      harmBound: 1,
    },
  },
};

/** A rollout in its first stage, used by two instances, and rolled back at `openedAtMs`. */
export class RolledBack extends Intake {
  readonly proof: ProofState;

  constructor(options: { readonly badUnits?: number; readonly rollout?: boolean } = {}) {
    super();
    this.change(someRollout({ frozen: FROZEN }));
    for (const instance of ['store-1', 'store-2']) this.acknowledge(instance, 10);
    const units = Array.from({ length: 40 }, (_, index) => unitOf(index + 1));
    this.report({
      exposures: units.map((unit) => exposure({ unit, arm: 'treatment' })),
      outcomes: units.slice(0, options.badUnits ?? 0).map((unit) => outcome({ unit })),
    });
    this.report({ instance: 'store-2' });
    this.closeThrough(3);
    const statusSinceMs = this.nowMs;
    const rolledBack = { status: 'rolledBack', frozen: FROZEN, version: VERSION } as const;
    this.change(someRollout({ ...rolledBack, statusSinceMs }));
    this.proof = {
      id: 'production/new-checkout@20',
      ...PLACE,
      flag: 'new-checkout',
      ...(options.rollout === false ? {} : { rollout: ROLLOUT }),
      version: VERSION,
      openedAtMs: statusSinceMs,
      kind: 'rollback',
      deadlinesMs: { reached: 30_000, silent: 90_000, recovered: 15 * MINUTE_MS },
      clocks: {},
    };
  }

  view(recorded: ProofState['clocks'] = {}, tokens?: readonly string[]): ProofView {
    const proof = { ...this.proof, clocks: recorded };
    const input = { proof, telemetry: this.state, nowMs: this.nowMs };
    return assessProof({ ...input, ...(tokens ? { tokens: new Set(tokens) } : {}) });
  }

  /** What the server knows of a stream. */
  written(instance: string, connection: string, written: number, stalledSinceMs?: number): void {
    const { service } = SCOPE;
    const stall = stalledSinceMs === undefined ? {} : { stalledSinceMs };
    const streams = [{ service, instance, connection, written, ...stall }];
    this.add({ type: 'streamsWritten', ...PLACE, streams });
  }

  /** Both instances acknowledge and report twice. */
  settle(): void {
    for (const instance of ['store-1', 'store-2']) {
      this.acknowledge(instance, VERSION);
      this.report({ instance, version: VERSION });
      this.report({ instance, version: VERSION });
    }
  }
}

/** Who is missing of a clock, and why. */
export function missing(view: ProofView, clock: 'reached' | 'silent' | 'recovered'): string[] {
  return view.clocks[clock].missing.map(({ name, why }) => `${name}: ${why}`);
}
