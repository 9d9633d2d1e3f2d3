import type { FlagMentions } from '../state/types.ts';
import type { FlagDefinition } from './types.ts';

const NONE: FlagMentions = { requiredBy: [], conflictedBy: [] };

/** Brings the derived index up to date when one definition takes another's place. */
export function changeMentions(
  mentions: Map<string, FlagMentions>,
  before: FlagDefinition | undefined,
  after: FlagDefinition | undefined,
): void {
  if (before !== undefined)
    each(before, (key, role) => remove(mentions, key, { role, by: before.key }));
  if (after !== undefined) each(after, (key, role) => add(mentions, key, { role, by: after.key }));
}

type Role = keyof FlagMentions;

interface Mention {
  readonly role: Role;
  readonly by: string;
}

function each(definition: FlagDefinition, visit: (key: string, role: Role) => void): void {
  for (const key of new Set(definition.requires.flags.map(({ flag }) => flag)))
    visit(key, 'requiredBy');
  for (const key of new Set(definition.conflicts)) visit(key, 'conflictedBy');
}

function add(mentions: Map<string, FlagMentions>, key: string, { role, by }: Mention): void {
  const known = mentions.get(key) ?? NONE;
  mentions.set(key, { ...known, [role]: [...known[role], by] });
}

function remove(mentions: Map<string, FlagMentions>, key: string, { role, by }: Mention): void {
  const known = mentions.get(key) ?? NONE;
  const rest = { ...known, [role]: known[role].filter((each) => each !== by) };
  if (rest.requiredBy.length + rest.conflictedBy.length === 0) mentions.delete(key);
  else mentions.set(key, rest);
}
