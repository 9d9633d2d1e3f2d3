import type { ControlState, PageReference } from '@downhaul/control';
import { genuine } from '../store/chain.ts';
import type { LogStore, Page } from '../store/contract.ts';

/** The pages of per-unit overrides, held in memory because snapshots are built without waiting. */
export interface OverridePages {
  readonly read: (id: string) => string | undefined;
  /** Takes pages that were just committed. */
  keep(pages: readonly Page[]): void;
  /** Reads the pages that a state names. */
  load(store: LogStore, state: ControlState): Promise<void>;
}

export async function openOverridePages(
  store: LogStore,
  state: ControlState,
  onSuspect: (problem: string) => void = () => undefined,
): Promise<OverridePages> {
  const contents = new Map<string, string>();
  const pages: OverridePages = {
    read: (id) => contents.get(id),
    keep: (kept) => kept.forEach(({ id, content }) => contents.set(id, content)),
    load: async (from, of) => {
      for (const { page: id, mac } of overridePagesOf(of)) {
        if (contents.has(id)) continue;
        const page = await from.readPage(id);
        if (page === undefined) continue;
        if (genuine(page, mac)) contents.set(id, page.content);
        else onSuspect(`the page ${id} of overrides is not the one that the log names: not used`);
      }
    },
  };
  await pages.load(store, state);
  return pages;
}

function* overridePagesOf(state: ControlState): Generator<PageReference> {
  for (const { flags } of state.projects.values()) {
    for (const { environments } of flags.values()) {
      for (const { overrides } of Object.values(environments)) {
        if (overrides) yield overrides;
      }
    }
  }
}
