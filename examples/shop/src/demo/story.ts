/** Prints what happens as it happens: a line when something changes, and one live line on a terminal. */
export interface Story {
  readonly chapter: (title: string) => void;
  readonly line: (text: string) => void;
  /** Replaces the live line; does nothing without a terminal. */
  readonly live: (text: string) => void;
}

export function createStory(options: { readonly live: boolean }): Story {
  const startedAt = performance.now();
  let liveShown = false;
  const clear = (): void => {
    if (!liveShown) return;
    process.stdout.write('\r\u001b[2K');
    liveShown = false;
  };
  const clock = (): string => {
    const seconds = Math.floor((performance.now() - startedAt) / 1_000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  };
  return {
    chapter: (title) => {
      clear();
      console.log(`\n${title}`);
    },
    line: (text) => {
      clear();
      console.log(`  ${clock().padStart(5)}  ${text}`);
    },
    live: (text) => {
      if (!options.live) return;
      clear();
      process.stdout.write(
        `  ${clock().padStart(5)}  ${text}`.slice(0, process.stdout.columns - 1),
      );
      liveShown = true;
    },
  };
}
