import { createHash, timingSafeEqual } from 'node:crypto';
import type { TokenGrant } from '@downhaul/control';
import type { Ids } from '../ids/ids.ts';

/** A token as it is sent: `dh_<kind>_<id>_<secret>`. Only the hash of the secret is kept. */
export interface TokenParts {
  readonly kind: TokenGrant['kind'];
  readonly id: string;
  readonly secret: string;
}

export function createTokenParts(kind: TokenGrant['kind'], ids: Ids): TokenParts {
  return { kind, id: ids.hex(6), secret: ids.hex(32) };
}

export function formatToken({ kind, id, secret }: TokenParts): string {
  return `dh_${kind}_${id}_${secret}`;
}

const FORM = /^dh_(admin|person|service|sdk)_([0-9a-f]{12})_([0-9a-f]{64})$/;

/** The parts of a token, or undefined for a text of another form. */
export function parseToken(text: string): TokenParts | undefined {
  const match = FORM.exec(text);
  if (!match) return undefined;
  const [, kind, id, secret] = match as unknown as [string, TokenGrant['kind'], string, string];
  return { kind, id, secret };
}

/** SHA-256 of the secret in hex. A secret has 256 random bits, so a plain hash cannot be searched. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The grant that a token text proves, or undefined. Compares in constant time. */
export function findGrant(
  tokens: ReadonlyMap<string, TokenGrant>,
  text: string,
): TokenGrant | undefined {
  const parts = parseToken(text);
  if (!parts) return undefined;
  const grant = tokens.get(parts.id);
  if (grant?.kind !== parts.kind) return undefined;
  const given = Buffer.from(hashSecret(parts.secret), 'hex');
  const kept = Buffer.from(grant.hash, 'hex');
  return given.length === kept.length && timingSafeEqual(given, kept) ? grant : undefined;
}
