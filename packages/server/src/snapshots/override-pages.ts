import type { ControlState } from '@downhaul/control';
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
): Promise<OverridePages> {
  const contents = new Map<string, string>();
  const pages: OverridePages = {
    read: (id) => contents.get(id),
    keep: (kept) => kept.forEach(({ id, content }) => contents.set(id, content)),
    load: async (from, of) => {
      for (const id of overridePagesOf(of)) {
        if (contents.has(id)) continue;
        const page = await from.readPage(id);
        if (page) contents.set(id, page.content);
      }
    },
  };
  await pages.load(store, state);
  return pages;
}

function* overridePagesOf(state: ControlState): Generator<string> {
  for (const { flags } of state.projects.values()) {
    for (const { environments } of flags.values()) {
      for (const { overrides } of Object.values(environments)) {
        if (overrides) yield overrides.page;
      }
    }
  }
}
