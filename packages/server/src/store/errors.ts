/** Another server holds the store. `holder` is what it wrote about itself, if it could be read. */
export class StoreHeldError extends Error {
  readonly path: string;
  readonly holder: StoreHolder | undefined;

  constructor(path: string, holder: StoreHolder | undefined) {
    super(`${path} is held by another server${describe(holder)}`);
    this.name = 'StoreHeldError';
    this.path = path;
    this.holder = holder;
  }
}

/** Who holds a store. Informational only: the lock itself is the operating system's. */
export interface StoreHolder {
  readonly pid: number;
  /** ISO time. */
  readonly since: string;
  readonly address: string;
}

function describe(holder: StoreHolder | undefined): string {
  if (!holder) return '';
  return `: process ${holder.pid}, since ${holder.since}, at ${holder.address}`;
}

/** The stored file cannot be used as it is: newer schema, broken chain, not a store. */
export class StoreUnusableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreUnusableError';
  }
}

/** The store lacks what was acknowledged: parts of it were removed, cut off, or replaced by an older copy. */
export class StoreBehindError extends Error {
  readonly path: string;

  constructor(path: string, missing: string) {
    super(
      `${path} lacks what was there before: ${missing}. Put its files back together (the database and what ends in ` +
        '-wal belong together), or restore a backup. To go on without what is lost, start once with --accept-loss',
    );
    this.name = 'StoreBehindError';
    this.path = path;
  }
}

/** The disk of the store has no room for this; nothing was changed. */
export class StoreFullError extends Error {
  constructor(options?: ErrorOptions) {
    super('the disk of the store is full', options);
    this.name = 'StoreFullError';
  }
}

/** The store cannot be written to, for another reason than its room; nothing was changed. */
export class StoreUnwritableError extends Error {
  readonly problem: string;

  constructor(problem: string, options?: ErrorOptions) {
    super(`the store cannot be written to: ${problem}`, options);
    this.name = 'StoreUnwritableError';
    this.problem = problem;
  }
}
