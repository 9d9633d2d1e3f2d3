import type { Random } from '../trace/random.ts';
import { diurnal } from './parts.ts';
import type { Moment, World } from './types.ts';

/** Visits of all users together: so many that runs with every user told apart stay affordable. */
const VISITS_PER_MINUTE = 150;

interface Told {
  /** Everybody is new unless told how many there are. */
  readonly users?: number;
  /** Chance of a bad outcome of one user's visit. */
  readonly rate: (at: Moment & { readonly user: number }) => number;
  /** The same over all users, for those who know the truth. */
  readonly meanRate: (at: Moment) => number;
  readonly slicesOf?: (user: number) => Readonly<Record<string, string>>;
}

/** A world whose users are told apart. Traffic moves over a day. */
export function populated(random: Random, { meanRate, ...told }: Told): World {
  const { unitsAt } = diurnal(random, { unitsPerMinute: VISITS_PER_MINUTE });
  return { unitsAt, rate: meanRate, population: { users: Infinity, ...told } };
}

/** 20,000 users of whom one in a hundred fails at every visit, whatever it is served. */
export function returning(random: Random): World {
  const others = 0.001;
  return populated(random, {
    users: 20_000,
    rate: ({ user }) => (user % 100 === 0 ? 1 : others),
    meanRate: () => 0.01 + 0.99 * others,
  });
}

/** One user in twenty comes from this platform. */
export function platformOf(user: number): string {
  return user % 20 === 0 ? 'tv' : user % 3 === 0 ? 'ios' : 'web';
}
