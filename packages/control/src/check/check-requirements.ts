import type { CheckInput, CheckItem } from './types.ts';

/** What the flag says of itself that a start does not look at: its last day, and what it needs beside flags. */
export function checkRequirements({ flag, nowMs }: CheckInput): CheckItem[] {
  const { services, migrations } = flag.requires;
  return [
    ...expiry(flag, nowMs),
    ...unchecked(services.map(serviceText), SERVICES),
    ...unchecked(migrations, MIGRATIONS),
  ];
}

const DAY_MS = 86_400_000;

/** A flag is meant to be gone after its day: the day itself still counts. */
function expiry({ expires }: CheckInput['flag'], nowMs: number): CheckItem[] {
  if (expires === undefined) return [];
  const isOver = nowMs >= Date.parse(`${expires}T00:00:00Z`) + DAY_MS;
  return [
    {
      code: 'not_expired',
      ok: !isOver,
      text: isOver
        ? `The flag was to be gone after ${expires}.`
        : `The flag is to be gone after ${expires}.`,
      remedy: isOver ? 'Set a later day in `expires`, or take the flag out of the code.' : '',
    },
  ];
}

interface Unchecked {
  readonly code: 'services_unchecked' | 'migrations_unchecked';
  readonly what: string;
  readonly remedy: string;
}

const SERVICES: Unchecked = {
  code: 'services_unchecked',
  what: '`requires.services`',
  remedy: 'See for yourself that these versions run, before you start.',
};
const MIGRATIONS: Unchecked = {
  code: 'migrations_unchecked',
  what: '`requires.migrations`',
  remedy: 'See for yourself that these have run, before you start.',
};

/** Somebody wrote it down to be protected by it, and is not. */
function unchecked(needed: readonly string[], { code, what, remedy }: Unchecked): CheckItem[] {
  if (needed.length === 0) return [];
  const text = `The flag requires ${needed.join(', ')}. The server does not check ${what} yet: neither a start nor a step up waits for it.`;
  return [{ code, ok: false, text, remedy }];
}

function serviceText({
  service,
  contract,
  version,
}: CheckInput['flag']['requires']['services'][number]): string {
  return `${service} with the contract ${contract} ${version}`;
}
