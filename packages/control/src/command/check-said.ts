import type { JsonValue } from '@downhaul/engine';
import { pointer } from '../document/pointer.ts';
import type { Said } from '../document/said-by.ts';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';
import type { FlagDefinition } from '../flag/types.ts';

/** The refusal where a document was read at another version than there is now; 0 is what is not there. */
export function movedSince(
  subject: string,
  { version: expected }: Said = {},
  version = 0,
): DomainError | undefined {
  if (expected === undefined || expected === version) return undefined;
  const details = { moved: [{ subject, expected, now: { version } }] };
  return domainError('version_conflict', { subjects: subject }, { path: '/version', details });
}

/** Environments that a definition has no more, and whose document does not say so by name. */
export function leftUnsaid(
  before: FlagDefinition | undefined,
  after: FlagDefinition,
  { removes = [] }: Said = {},
): readonly DomainError[] {
  return Object.keys(before?.environments ?? {})
    .filter((key) => !Object.hasOwn(after.environments, key) && !removes.includes(key))
    .map((key) => {
      const place = {
        path: '/environments',
        accepted: `what ${after.key} does in ${key}, or \`${key}: { removed: true }\``,
      };
      const facts = { what: `does not say what ${after.key} does in ${key}` };
      return domainError('document_takes_away', facts, place);
    });
}

/** Sections that a document does not mention although there is something in them. */
export function emptiedUnsaid(
  before: JsonValue,
  after: JsonValue,
  { omits = [] }: Said = {},
): readonly DomainError[] {
  return omits
    .filter((section) => holdsSomething(at(before, section)) && !holdsSomething(at(after, section)))
    .map((section) => {
      const steps = section.split('/').slice(1);
      const name = steps.pop() ?? '';
      const path = steps.reduce<string>(pointer, '');
      const where = steps[0] === 'environments' ? ` of ${steps[1] ?? ''}` : '';
      const facts = { what: `does not mention \`${name}\`${where}, and there are some` };
      return domainError('document_takes_away', facts, { path, accepted: emptyOf(name) });
    });
}

function emptyOf(section: string): string {
  const empty = section === 'requires' ? '{}' : '[]';
  return `\`${section}\` as it is to be; \`${section}: ${empty}\` for none`;
}

function at(document: JsonValue, section: string): JsonValue | undefined {
  let value: JsonValue | undefined = document;
  for (const step of section.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const object = value as { readonly [name: string]: JsonValue };
    value = Object.hasOwn(object, step) ? object[step] : undefined;
  }
  return value;
}

function holdsSomething(section: JsonValue | undefined): boolean {
  if (typeof section !== 'object' || section === null) return false;
  if (Array.isArray(section)) return section.length > 0;
  return Object.values(section).some(holdsSomething);
}
