import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { SnapshotHolder } from '../snapshot/holder.ts';
import { BAGGAGE_KEY, joinBaggage, writeUnits } from './baggage.ts';
import type { RequestScope } from './request-scope.ts';
import type { Scopes } from './scopes.ts';

/** Published by Node's own `fetch` and by undici before a request is written. */
const CHANNEL = 'undici:request:create';

/** The part of undici's request that is used; checked before use, since it is not a public type. */
interface UndiciRequest {
  readonly origin?: unknown;
  readonly path?: unknown;
  readonly headers?: unknown;
  addHeader?(name: string, value: string): unknown;
}

type PropagateTo = ((url: URL) => boolean) | readonly string[];

interface PropagationSettings {
  readonly scopes: Scopes;
  readonly holder: SnapshotHolder;
  readonly propagateTo: PropagateTo | undefined;
}

/** Hands the scope's units to the services behind. */
export class Propagation {
  readonly #settings: PropagationSettings;
  readonly #allows: (url: URL) => boolean;
  #isOpen = false;
  readonly #onRequest = (message: unknown): void => this.#addTo(message);

  constructor(settings: PropagationSettings) {
    this.#settings = settings;
    const { propagateTo } = settings;
    this.#allows = typeof propagateTo === 'function' ? propagateTo : matcherOf(propagateTo ?? []);
    this.open();
  }

  /** Headers for a request that the caller sends by hand; empty outside a scope. Never throws. */
  headers(): { baggage?: string } {
    const scope = this.#settings.scopes.current;
    if (!scope) return {};
    const baggage = joinBaggage(scope.foreignBaggage, this.#member(scope));
    return baggage === '' ? {} : { baggage };
  }

  /** Watches the requests of this process, if there are targets for them. */
  open(): void {
    if (this.#isOpen || this.#settings.propagateTo === undefined) return;
    this.#isOpen = true;
    subscribe(CHANNEL, this.#onRequest);
  }

  close(): void {
    this.#isOpen = false;
    unsubscribe(CHANNEL, this.#onRequest);
  }

  #member(scope: RequestScope): string {
    const held = scope.pinned ?? this.#settings.holder.current;
    return writeUnits(held ? scope.travelling(held) : [], scope.synthetic);
  }

  #addTo(message: unknown): void {
    try {
      const scope = this.#settings.scopes.current;
      const request = (message as { request?: UndiciRequest } | null)?.request;
      if (!scope || typeof request?.addHeader !== 'function') return;
      if (hasOurs(request.headers) || !this.#allows(urlOf(request))) return;
      const member = this.#member(scope);
      if (member !== '') request.addHeader('baggage', member);
    } catch {
      // The request goes out without our member; it must not fail for it.
    }
  }
}

function urlOf({ origin, path }: UndiciRequest): URL {
  return new URL(typeof path === 'string' ? path : '/', String(origin));
}

/** Headers are a list or a text, by undici's version. */
function hasOurs(headers: unknown): boolean {
  const text = Array.isArray(headers) ? headers.join('\n') : String(headers);
  return text.includes(`${BAGGAGE_KEY}=`);
}

function matcherOf(patterns: readonly string[]): (url: URL) => boolean {
  const origins = new Set<string>();
  const hosts = new Set<string>();
  const suffixes: string[] = [];
  for (const pattern of patterns.map((each) => each.trim().toLowerCase())) {
    if (pattern.includes('://')) origins.add(originOf(pattern));
    else if (pattern.startsWith('*.')) suffixes.push(pattern.slice(1));
    else hosts.add(pattern);
  }
  return (url) =>
    origins.has(url.origin) ||
    hosts.has(url.host) ||
    hosts.has(url.hostname) ||
    suffixes.some((suffix) => url.hostname.endsWith(suffix));
}

function originOf(pattern: string): string {
  try {
    return new URL(pattern).origin;
  } catch {
    return pattern;
  }
}
