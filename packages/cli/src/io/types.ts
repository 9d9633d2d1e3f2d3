/** The outside world of one run of the command; tests give their own. */
export interface Io {
  /** Arguments after the program's name. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory. */
  readonly directory: string;
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted by Ctrl-C, SIGTERM or SIGHUP; the reason is the signal's name. */
  readonly interrupted: AbortSignal;
}

export interface Output {
  readonly isTerminal: boolean;
  write(text: string): void;
  /** Size in character cells now; a terminal's changes when its window does. */
  size(): { readonly columns: number; readonly rows: number };
  /** Calls back whenever the size has changed, until the returned function is called. */
  onResize(handler: () => void): () => void;
}
