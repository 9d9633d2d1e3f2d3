import { isIP } from 'node:net';
import { OptionError } from './option-error.ts';
import type { ServerOptions } from './server-options.ts';

/** Refuses to serve other machines without TLS, unless that was asked for by name. */
export function checkPlain(options: ServerOptions): void {
  const { tlsCert, tlsKey, insecurePlain, host } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new OptionError('--tls-cert and --tls-key go together');
  }
  if (tlsCert !== undefined || insecurePlain || isLoopback(host)) return;
  throw new OptionError(
    `${host} is no loopback address: give --tls-cert and --tls-key, or --insecure-plain behind a proxy that has TLS`,
  );
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}
