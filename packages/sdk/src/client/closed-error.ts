/** The client was closed while it was being opened: it serves nothing, and must not count as ready. */
export class DownhaulClosedError extends Error {
  override readonly name = 'DownhaulClosedError';
  readonly code = 'DOWNHAUL_CLOSED';

  constructor() {
    super('the client was closed before it was ready');
  }
}
