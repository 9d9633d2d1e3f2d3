import type { DatabaseSync } from 'node:sqlite';
import { pageMac } from '../chain.ts';
import { openPageTable } from './page-table.ts';

interface Reference {
  readonly page: string;
  readonly mac: string;
}

/**
 * Gives a check of the pages that an event names: a page that is there must be the one that was named.
 * One that is not there was erased (invariant 11). It returns the id of the first that was changed.
 */
export function pageChecker(database: DatabaseSync): (eventBody: string) => string | undefined {
  const pages = openPageTable(database);
  const isChanged = ({ page: id, mac }: Reference): boolean => {
    const page = pages.read(id);
    return page !== undefined && pageMac(page.nonce, page.content) !== mac;
  };
  // Most events name none; parsing them all would take longer than hashing them.
  return (eventBody) =>
    eventBody.includes('"mac"') ? referencesIn(eventBody).find(isChanged)?.page : undefined;
}

function referencesIn(eventBody: string): readonly Reference[] {
  const { justification, page } = JSON.parse(eventBody) as Readonly<Record<string, unknown>>;
  return [justification, page].filter(isReference);
}

function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && 'page' in value && 'mac' in value;
}
