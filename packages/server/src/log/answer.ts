import type { EventBody } from '@downhaul/control';
import type { JsonValue } from '@downhaul/engine';

/** What a command led to. Kept with its idempotency key, so that a retry is answered the same. */
export type CommandAnswer = {
  /** False where everything was as asked already. */
  readonly changed: boolean;
  /** Log position of what is now so. */
  readonly version: number;
  /** Position of the last event, or of the head where nothing changed. */
  readonly position: number;
  readonly events: readonly { readonly position: number; readonly type: string }[];
} & { readonly [fact: string]: JsonValue };

/** The domain's answer with the places of its events. */
export function answerOf(
  decided: {
    readonly events: readonly EventBody[];
    readonly answer: { readonly changed: boolean; readonly version: number };
  },
  headPosition: number,
): CommandAnswer {
  const { events, answer } = decided;
  return {
    ...answer,
    position: headPosition + events.length,
    events: events.map(({ type }, index) => ({ position: headPosition + index + 1, type })),
  };
}
