import type { CountedSource } from '../metric/source.ts';
import { domainError } from '../error/domain-error.ts';
import type { DomainError } from '../error/types.ts';

/** What a query may leave open; filled in for every batch and arm. */
const PLACEHOLDERS = ['arm', 'flag', 'environment', 'rollout', 'window'] as const;
const ACCEPTED = PLACEHOLDERS.map((name) => `$${name}`).join(', ');
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

export type QueryFacts = Readonly<Record<(typeof PLACEHOLDERS)[number], string>>;

/**
 * What can be known to be wrong with a query without asking its server: brackets and quotes that do not
 * close, placeholders that nothing fills in, and samples that are not bound to the batch.
 */
export function checkQuery(query: string, path: string): readonly DomainError[] {
  const unknown = placeholdersOf(query).filter(
    (name) => !(PLACEHOLDERS as readonly string[]).includes(name),
  );
  if (unknown.length > 0) {
    const facts = { placeholder: `$${unknown[0]}` };
    return [domainError('query_placeholder_unknown', facts, { path, accepted: ACCEPTED })];
  }
  const open = unclosed(query);
  if (open !== undefined) return [domainError('query_unbalanced', { found: open }, { path })];
  if (!/\[\s*\$window\s*\]/.test(query)) return [domainError('query_window_missing', {}, { path })];
  return [];
}

/** Whether a query is asked once per arm; else it is about the whole service. */
export function hasArm(query: string): boolean {
  return placeholdersOf(query).includes('arm');
}

/** Whether what a source tells is of either arm; else it is about the whole service and compares nothing. */
export function tellsArms(source: CountedSource): boolean {
  return source.type === 'otlp' || Object.values(source.queries).some(hasArm);
}

/** The query with its placeholders filled in; texts are escaped as inside of quotes. */
export function fillQuery(query: string, facts: QueryFacts): string {
  return query.replaceAll(/\$([a-z]+)/g, (whole, name: string) =>
    name in facts ? escaped(facts[name as keyof QueryFacts]) : whole,
  );
}

/** A range as PromQL writes it. */
export function windowText(windowMs: number): string {
  return windowMs % 1_000 === 0 ? `${windowMs / 1_000}s` : `${windowMs}ms`;
}

function placeholdersOf(query: string): string[] {
  return [...query.matchAll(/\$([A-Za-z_]\w*)/g)].map(([, name]) => name ?? '');
}

function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll("'", "\\'")
    .replaceAll('`', '')
    .replaceAll('\n', '\\n');
}

/** The bracket or quote that does not close, or closes nothing. */
function unclosed(query: string): string | undefined {
  const open: string[] = [];
  let quote: string | undefined;
  for (let at = 0; at < query.length; at += 1) {
    const sign = query.charAt(at);
    if (quote !== undefined) {
      if (sign === '\\' && quote !== '`') at += 1;
      else if (sign === quote) quote = undefined;
    } else if (sign === '"' || sign === "'" || sign === '`') quote = sign;
    else if (sign in CLOSING) open.push(sign);
    else if (Object.values(CLOSING).includes(sign)) {
      const opened = open.pop();
      if (opened === undefined || CLOSING[opened] !== sign) return sign;
    }
  }
  return quote ?? open.pop();
}
