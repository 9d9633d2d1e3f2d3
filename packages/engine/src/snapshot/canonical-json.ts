import type { JsonValue } from '../json.ts';

/**
 * JSON with members in the order of their names' code units and no spaces, as RFC 8785: equal values
 * have equal texts. Members that are undefined are left out.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return Array.isArray(value) ? listText(value) : objectText(value as Members);
}

type Members = Readonly<Record<string, JsonValue | undefined>>;

function listText(values: readonly JsonValue[]): string {
  let text = '[';
  for (let index = 0; index < values.length; index++) {
    text += (index === 0 ? '' : ',') + canonicalJson(values[index] ?? null);
  }
  return `${text}]`;
}

function objectText(members: Members): string {
  let text = '{';
  for (const name of Object.keys(members).sort()) {
    const member = members[name];
    if (member === undefined) continue;
    text += `${text === '{' ? '' : ','}${quote(name)}:${canonicalJson(member)}`;
  }
  return `${text}}`;
}

/** Most texts need no escape, and finding that out is much faster than `JSON.stringify`. */
function quote(text: string): string {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit === 0x22 || unit === 0x5c || unit >= 0xd800)
      return JSON.stringify(text);
  }
  return `"${text}"`;
}
