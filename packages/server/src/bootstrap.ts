import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandBody } from '@downhaul/control';
import {
  createTokenParts,
  formatToken,
  hashSecret,
  parseToken,
  type TokenParts,
} from './auth/token.ts';
import type { ServerContext } from './http/context.ts';

interface Bootstrapped {
  /** The first admin token, when this start made it. */
  readonly adminToken: string | undefined;
  readonly adminTokenFile: string;
}

/** In the data directory: the first admin token. */
export const TOKEN_FILE = 'admin-token';
const PROJECT = 'default';
const ENVIRONMENTS = [
  { key: 'staging', order: 1 },
  { key: 'production', order: 2 },
];

/**
 * What a first start leaves behind: the project `default`, its environments and an admin token, which
 * is written to `admin-token` (mode 0600) before it is issued, so that no crash in between loses it.
 */
export async function bootstrap(context: ServerContext): Promise<Bootstrapped> {
  const { log, ids } = context;
  if (log.state.projects.size === 0) await append(context, { type: 'createProject', key: PROJECT });
  const environments = log.state.projects.get(PROJECT)?.environments;
  if (environments?.size === 0) {
    for (const { key, order } of ENVIRONMENTS) {
      const unitSalt = ids.hex(16);
      await append(context, { type: 'createEnvironment', key, owner: 'admin', order, unitSalt });
    }
  }
  return issueFirstToken(context);
}

async function issueFirstToken(context: ServerContext): Promise<Bootstrapped> {
  const adminTokenFile = join(context.options.dataDirectory, TOKEN_FILE);
  const hasAdmin = [...context.log.state.tokens.values()].some(({ kind }) => kind === 'admin');
  if (hasAdmin) return { adminToken: undefined, adminTokenFile };
  const parts = readLeftover(adminTokenFile) ?? createTokenParts('admin', context.ids);
  const adminToken = formatToken(parts);
  writeFileSync(adminTokenFile, `${adminToken}\n`, { mode: 0o600, flush: true });
  const { id, kind } = parts;
  const hash = hashSecret(parts.secret);
  const token = { id, name: 'admin', kind, hash, rights: ['view', 'change', 'admin'] } as const;
  await append(context, { type: 'issueToken', token });
  return { adminToken, adminTokenFile };
}

/** Of a start that ended between the file and the log. */
function readLeftover(file: string): TokenParts | undefined {
  const parts = existsSync(file) ? parseToken(readFileSync(file, 'utf8').trim()) : undefined;
  return parts?.kind === 'admin' ? parts : undefined;
}

async function append({ log, ids }: ServerContext, body: CommandBody): Promise<void> {
  const id = ids.uuid();
  const outcome = await log.execute(
    {
      project: PROJECT,
      actor: { kind: 'service', id: 'server' },
      correlationId: id,
      idempotencyKey: id,
      ...body,
    },
    { commandHash: id },
  );
  if (outcome.kind === 'refused') throw new Error(outcome.error.message);
}
