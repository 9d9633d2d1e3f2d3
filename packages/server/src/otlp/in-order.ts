/** One work after another, and a bound on what waits. */
interface InOrder {
  /** True while more waits than should. */
  readonly full: boolean;
  /** Does the work once all that was asked for before is over. */
  run<Result>(bytes: number, work: () => Promise<Result>): Promise<Result>;
}

export function createInOrder(mostBytes: number): InOrder {
  let last: Promise<unknown> = Promise.resolve();
  let waitingBytes = 0;
  return {
    get full() {
      return waitingBytes >= mostBytes;
    },
    run: (bytes, work) => {
      waitingBytes += bytes;
      const over = last.then(work).finally(() => {
        waitingBytes -= bytes;
      });
      last = over.catch(() => undefined);
      return over;
    },
  };
}
