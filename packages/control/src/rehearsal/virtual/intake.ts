import type { ActivityItem, TelemetryReport } from '@downhaul/engine';
import { evidenceOf } from '../../evidence/evidence-of.ts';
import type { Evidence } from '../../evidence/types.ts';
import type { RolloutState } from '../../rollout/types.ts';
import { foldIntake } from '../../telemetry/fold-intake.ts';
import type { RolloutTelemetry } from '../../telemetry/rollout/types.ts';
import type { TelemetryOptions } from '../../telemetry/options.ts';
import { instanceKey } from '../../telemetry/instance/instance-key.ts';
import { createTelemetryState, type TelemetryState } from '../../telemetry/state.ts';
import type { IntakeBody } from '../../telemetry/types.ts';
import { ENVIRONMENT, FLAG, SERVICE } from './world.ts';

const SCOPE = { project: 'default', environment: ENVIRONMENT, service: SERVICE };
const INSTANCE = 'shop-1';

/** The intake of one instance: rows go through the fold of the product. */
export class Intake {
  readonly state: TelemetryState;
  private sequence = 0;

  constructor(options: Partial<TelemetryOptions> = {}) {
    this.state = createTelemetryState(options);
  }

  add(body: IntakeBody, atMs: number): void {
    this.sequence += 1;
    // A rehearsal in which something could not be judged says nothing: it fails.
    foldIntake(this.state, { sequence: this.sequence, atMs, ...body }, (_, error) => {
      throw error;
    });
  }

  change(rollout: RolloutState, atMs: number): void {
    this.add({ type: 'rolloutChanged', change: { position: rollout.version, rollout } }, atMs);
  }

  /** The instance is there and says that it reports. */
  greet(version: number, atMs: number): void {
    const acknowledgement = {
      instance: INSTANCE,
      version,
      sdk: { name: 'downhaul', version: '1', formatVersion: 1 },
      capabilities: ['rollout'],
      reportsExposures: true,
      sentAtMs: atMs,
    };
    this.add({ type: 'acknowledgement', scope: SCOPE, acknowledgement }, atMs);
  }

  /** A report; true when it was not known already. */
  report(
    items: Pick<TelemetryReport, 'sequence' | 'version'> & Partial<TelemetryReport>,
    atMs: number,
  ): boolean {
    const before = this.received;
    const report: TelemetryReport = {
      instance: INSTANCE,
      sentAtMs: atMs,
      exposures: [],
      outcomes: [],
      activity: [],
      dropped: { exposures: 0, outcomes: 0 },
      ...items,
    };
    this.add({ type: 'report', scope: SCOPE, report }, atMs);
    return this.received > before;
  }

  activity(
    { id, version }: RolloutState,
    of: Pick<ActivityItem, 'stage' | 'arm' | 'count' | 'lastAtMs'>,
  ): ActivityItem {
    return { flag: FLAG, rollout: id, version, ...of };
  }

  telemetry(rollout: RolloutState): RolloutTelemetry {
    const found = this.state.rollouts.get(rollout.id);
    if (found === undefined) throw new Error('the intake does not know the rollout');
    return found;
  }

  evidence(rollout: RolloutState, nowMs: number): Evidence | undefined {
    return evidenceOf(this.state, rollout.id, nowMs);
  }

  private get received(): number {
    const [environment] = this.state.environments.values();
    return environment?.instances.get(instanceKey(SERVICE, INSTANCE))?.reportsReceived ?? 0;
  }
}
