import { randomBytes, randomUUID } from 'node:crypto';

/** Where the server takes randomness from. Injected, so that tests can own it. */
export interface Ids {
  /** For correlation and idempotency. */
  uuid(): string;
  /** `bytes` random bytes in hexadecimal. */
  hex(bytes: number): string;
}

export const randomIds: Ids = {
  uuid: () => randomUUID(),
  hex: (bytes) => randomBytes(bytes).toString('hex'),
};
