import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Page } from './contract.ts';

/** `previousHash` of the first event: the SHA-256 of the text `downhaul log 1`. */
export const GENESIS_HASH: string = createHash('sha256').update('downhaul log 1').digest('hex');

/** Hash of an event: SHA-256 over the previous hash, a line feed and the body's text, in hex. */
export function chainHash(previousHash: string, body: string): string {
  return createHash('sha256').update(`${previousHash}\n${body}`).digest('hex');
}

/** SHA-256 of a text, in hex: by it the log names what is cached beside it. */
export function textHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A new page for a text or list: random id and nonce, and the MAC by which events name it. */
export function createPage(content: string): Page {
  const nonce = randomBytes(16).toString('hex');
  return {
    id: randomBytes(12).toString('hex'),
    nonce,
    mac: pageMac(nonce, content),
    content,
  };
}

export function pageMac(nonce: string, content: string): string {
  return createHmac('sha256', Buffer.from(nonce, 'hex')).update(content).digest('hex');
}

/** The page where it is the one that an event names by this MAC; one that is not was changed by somebody. */
export function genuine(page: Page | undefined, mac: string): Page | undefined {
  return page && pageMac(page.nonce, page.content) === mac ? page : undefined;
}
