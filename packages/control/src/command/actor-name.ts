import type { Actor } from './types.ts';

/** How people are told of an actor. Events of earlier releases have the name as the id. */
export function actorName({ id, name }: Actor): string {
  return name ?? id;
}
