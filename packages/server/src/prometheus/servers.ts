import { readFileSync } from 'node:fs';
import { OptionError } from '../config/option-error.ts';

/** A Prometheus server that metrics may name. */
export interface PrometheusServer {
  readonly name: string;
  /** Without a slash at its end. */
  readonly url: string;
  /** The `Authorization` header, read anew each time: secrets are exchanged while servers run. */
  authorization(): string | undefined;
}

interface Given {
  readonly prometheus?: string;
  readonly prometheusAuth?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * The servers of the options `prometheus` and `prometheusAuth`, by name.
 *
 * @throws OptionError for what is no `name=url`, for an address with a password in it, and for a way to
 * sign in whose server or secret is not there.
 */
export function prometheusServers(given: Given): ReadonlyMap<string, PrometheusServer> {
  const environment = given.environment ?? process.env;
  const secrets = new Map(
    entriesOf(given.prometheusAuth, '--prometheus-auth').map(([name, text]) => [
      name,
      secretOf(text, environment),
    ]),
  );
  const servers = new Map<string, PrometheusServer>();
  for (const [name, text] of entriesOf(given.prometheus, '--prometheus')) {
    if (servers.has(name)) throw new OptionError(`--prometheus names ${name} twice`);
    servers.set(name, {
      name,
      url: addressOf(name, text),
      authorization: readerFor(secrets, name),
    });
  }
  for (const [name, read] of secrets) {
    if (!servers.has(name)) {
      throw new OptionError(`--prometheus-auth is for ${name}, which --prometheus does not name`);
    }
    read();
  }
  return servers;
}

function readerFor(secrets: ReadonlyMap<string, () => string>, name: string) {
  return (): string | undefined => secrets.get(name)?.();
}

function entriesOf(text: string | undefined, option: string): (readonly [string, string])[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const at = entry.indexOf('=');
      if (at > 0 && at < entry.length - 1) return [entry.slice(0, at), entry.slice(at + 1)];
      throw new OptionError(`${option} takes name=value, with commas between several`);
    });
}

function addressOf(name: string, text: string): string {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new OptionError(`--prometheus: ${name} needs an http or https address`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new OptionError(
      `--prometheus: the address of ${name} holds a password; give it by --prometheus-auth`,
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new OptionError(`--prometheus: the address of ${name} ends before \`?\` and \`#\``);
  }
  return url.href.replace(/\/+$/, '');
}

/** `bearer:env:NAME`, `bearer:file:PATH`, `basic:env:NAME`, `basic:file:PATH`: never the secret itself. */
function secretOf(text: string, environment: NonNullable<Given['environment']>): () => string {
  const match = /^(bearer|basic):(env|file):(.+)$/.exec(text);
  const [, scheme, place, reference = ''] = match ?? [];
  if (match === null) {
    throw new OptionError(
      '--prometheus-auth takes bearer or basic, then env:VARIABLE or file:PATH, such as main=bearer:env:PROMETHEUS_TOKEN',
    );
  }
  return () => {
    const secret = (place === 'env' ? environment[reference] : textOf(reference))?.trim();
    if (secret === undefined || secret === '') {
      throw new OptionError(`--prometheus-auth: ${place} ${reference} holds nothing`);
    }
    if (scheme === 'bearer') return `Bearer ${secret}`;
    return `Basic ${Buffer.from(secret).toString('base64')}`;
  };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
