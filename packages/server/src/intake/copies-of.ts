import type { EventBody, IntakeBody, LogEvent, RolloutChange } from '@downhaul/control';

/** A row that copies what an event of the log means to telemetry. */
interface Copy {
  readonly body: IntakeBody;
  /** Position of the event. */
  readonly copyOf: number;
}

/** What the intake has to hear of events, in their order. `changes` are those of the same events. */
export function copiesOf(
  events: readonly LogEvent[],
  changes: readonly RolloutChange[],
): readonly Copy[] {
  return events.flatMap(({ position, body }) => {
    const own = changes.filter((change) => change.position === position);
    const bodies: IntakeBody[] = own.map((change) => ({ type: 'rolloutChanged', change }));
    const left = leftBy(body);
    if (left !== undefined) bodies.push(left);
    return bodies.map((each) => ({ body: each, copyOf: position }));
  });
}

/** What an operator's word on who is gone means to telemetry. */
function leftBy(body: EventBody): IntakeBody | undefined {
  if (body.type === 'instanceRetired') {
    const { project, environment, instance, service } = body;
    const who = { project, environment, instance, ...(service === undefined ? {} : { service }) };
    return { type: 'instanceLeft', ...who, why: 'operator' };
  }
  if (body.type !== 'tokenRetired') return undefined;
  const { project, environment, token } = body;
  return { type: 'tokenRetired', project, environment, token };
}
