import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chainHash, createPage, GENESIS_HASH } from '../../src/store/chain.ts';
import type { AppendOutcome, LogStore } from '../../src/store/contract.ts';

export interface StoreUnderTest {
  readonly store: LogStore;
  /** Ends this store and opens another on the same data. */
  reopen(): Promise<LogStore>;
  /** Writes past the store into its data, as a fault or an intruder would. */
  tamper(position: number, body: string): void;
  setTime(ms: number): void;
  dispose(): Promise<void>;
}

/** What every store must do, written once. */
export function describeStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`store contract: ${name}`, () => {
    let subject: StoreUnderTest;
    let store: LogStore;
    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });
    afterEach(() => subject.dispose());

    describe('append', () => {
      it('chains events from the genesis hash on', async () => {
        await append(store, { key: 'a', bodies: ['{"n":1}', '{"n":2}'] });
        await append(store, { key: 'b', bodies: ['{"n":3}'] });
        const events = await store.readLog({ after: 0, limit: 10 });
        const hashes = [chainHash(GENESIS_HASH, '{"n":1}')];
        hashes.push(chainHash(hashes[0]!, '{"n":2}'));
        hashes.push(chainHash(hashes[1]!, '{"n":3}'));
        expect(events.map(({ hash }) => hash)).toEqual(hashes);
        expect(events.map(({ position }) => position)).toEqual([1, 2, 3]);
        expect(await store.head()).toMatchObject({ position: 3, hash: hashes[2] });
      });

      it('gives decide the head and the time that the events carry', async () => {
        subject.setTime(5_000);
        await append(store, { key: 'a', bodies: ['{}'] });
        const seen = await append(store, { key: 'b', bodies: ['{}'], foldedThrough: () => 0 });
        expect(seen.head).toMatchObject({ position: 1, nowMs: 5_000 });
        expect(seen.head?.missed.map(({ position }) => position)).toEqual([1]);
      });

      it('never lets its clock run backwards, not even over a restart', async () => {
        subject.setTime(9_000);
        await append(store, { key: 'a', bodies: ['{}'] });
        subject.setTime(1_000);
        const seen = await append(store, { key: 'b', bodies: ['{}'] });
        expect(seen.head?.nowMs).toBe(9_000);
        expect((await subject.reopen()).nowMs()).toBe(9_000);
      });

      it('goes on in time, more slowly, while its clock is behind', async () => {
        subject.setTime(500_000);
        expect(store.nowMs()).toBe(500_000);
        subject.setTime(100_000);
        expect(store.nowMs()).toBe(500_000);
        subject.setTime(101_000);
        expect(store.nowMs()).toBe(500_900);
        for (const ms of [101_001, 101_002, 101_010]) subject.setTime(ms);
        expect(store.nowMs()).toBe(500_909);
        subject.setTime(600_000);
        expect(store.nowMs()).toBe(600_000);
      });

      it('changes nothing when the command is refused', async () => {
        const outcome = await store.append({
          ...request('a'),
          pages: [createPage('text')],
          decide: () => ({ kind: 'refuse', refusal: 'no' }),
        });
        expect(outcome).toEqual({ kind: 'refused', refusal: 'no' });
        expect((await store.head()).position).toBe(0);
        expect((await store.figures()).pages).toBe(0);
      });

      it('changes nothing when decide throws, and goes on afterwards', async () => {
        const failing = store.append({
          ...request('a'),
          decide: () => {
            throw new Error('broken');
          },
        });
        await expect(failing).rejects.toThrow('broken');
        const { outcome } = await append(store, { key: 'a', bodies: ['{}'] });
        expect(outcome.kind).toBe('appended');
      });

      it('lets each of several appends at once see what those before it will have appended', async () => {
        const seen: string[][] = [];
        const outcomes = await Promise.all(
          ['a', 'b', 'c'].map((key) =>
            store.append<string>({
              ...request(key),
              decide: ({ position, tentative }) => {
                seen.push(tentative.map(({ body }) => body));
                if (key === 'b') return { kind: 'refuse', refusal: `at ${position}` };
                return { kind: 'append', events: [{ body: key, subject: 'x' }], answer: null };
              },
            }),
          ),
        );
        const known = (await store.readLog({ after: 0, limit: 10 })).map(({ body }) => body);
        expect(known).toEqual(['a', 'c']);
        expect(outcomes[1]).toEqual({ kind: 'refused', refusal: 'at 1' });
        // Whether committed meanwhile or tentative, no decision was made on less than all before it.
        for (const bodies of seen) expect(['', 'a']).toContain(bodies.join());
      });

      it('tells of commits in the order of the log, before the appends are answered', async () => {
        const told: (number | string)[] = [];
        const appendTold = (key: string) =>
          store
            .append<never>({
              ...request(key),
              decide: () => ({
                kind: 'append',
                events: [{ body: '{}', subject: 'x' }],
                answer: null,
              }),
              committed: (events) => told.push(...events.map(({ position }) => position)),
            })
            .then(() => told.push(key));
        await Promise.all(['a', 'b'].map(appendTold));
        expect(told.filter((each) => typeof each === 'number')).toEqual([1, 2]);
        expect(told.indexOf('a')).toBeGreaterThan(told.indexOf(1));
        expect(told.indexOf('b')).toBeGreaterThan(told.indexOf(2));
      });

      it('decides what is urgent before what waits', async () => {
        const order: string[] = [];
        const appendNoted = (key: string, urgent: boolean) =>
          store.append<string>({
            ...request(key),
            urgent,
            decide: () => {
              order.push(key);
              return { kind: 'refuse', refusal: key };
            },
          });
        await Promise.all([
          ...Array.from({ length: 200 }, (_, index) => appendNoted(`k${index}`, false)),
          appendNoted('down', true),
        ]);
        expect(order.indexOf('down')).toBeLessThan(100);
      });

      it('leaves out one that throws and keeps the others', async () => {
        const failing = store.append({
          ...request('bad'),
          decide: () => {
            throw new Error('broken');
          },
        });
        const [before, broken, after] = await Promise.allSettled([
          append(store, { key: 'a', bodies: ['{"n":1}'] }),
          failing,
          append(store, { key: 'b', bodies: ['{"n":2}'] }),
        ]);
        expect([before.status, broken.status, after.status]).toEqual([
          'fulfilled',
          'rejected',
          'fulfilled',
        ]);
        expect(await store.verify()).toMatchObject({ intact: true, position: 2 });
      });

      it('keeps concurrent appends in one gapless order', async () => {
        const keys = Array.from({ length: 50 }, (_, index) => `k${index}`);
        await Promise.all(keys.map((key) => append(store, { key, bodies: ['{}', '{}'] })));
        const positions = (await store.readLog({ after: 0, limit: 1000 })).map((e) => e.position);
        expect(positions).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
        expect(await store.verify()).toMatchObject({ intact: true, position: 100 });
      });
    });

    describe('idempotency', () => {
      it('answers a retry as the first time and appends nothing', async () => {
        await append(store, { key: 'a', bodies: ['{"n":1}'], answer: { position: 1 } });
        const retry = await append(store, {
          key: 'a',
          bodies: ['{"n":2}'],
          answer: { position: 2 },
        });
        expect(retry.outcome).toEqual({ kind: 'replayed', answer: { position: 1 } });
        expect(retry.head).toBeUndefined();
        expect((await store.head()).position).toBe(1);
      });

      it('answers a retry after a restart', async () => {
        await append(store, { key: 'a', bodies: ['{}'], answer: { position: 1 } });
        const again = await append(await subject.reopen(), { key: 'a', bodies: ['{}'] });
        expect(again.outcome).toEqual({ kind: 'replayed', answer: { position: 1 } });
      });

      it('refuses the key for another command', async () => {
        await append(store, { key: 'a', bodies: ['{}'] });
        const { outcome } = await append(store, { key: 'a', bodies: ['{}'], commandHash: 'other' });
        expect(outcome).toEqual({ kind: 'keyReused' });
      });

      it('forgets keys older than retention keeps them', async () => {
        subject.setTime(1_000);
        await append(store, { key: 'old', bodies: ['{}'] });
        subject.setTime(2_000);
        await append(store, { key: 'new', bodies: ['{}'] });
        const pruned = await store.prune({ idempotencyBeforeMs: 2_000, intakeBeforeMs: 0 });
        expect(pruned.idempotencyKeys).toBe(1);
        expect((await append(store, { key: 'new', bodies: ['{}'] })).outcome.kind).toBe('replayed');
        expect((await append(store, { key: 'old', bodies: ['{}'] })).outcome.kind).toBe('appended');
      });
    });

    describe('reading', () => {
      it('reads behind a position, up to a limit, of one subject', async () => {
        for (const [index, about] of ['x', 'y', 'x', 'x'].entries()) {
          await append(store, { key: `k${index}`, bodies: ['{}'], subject: about });
        }
        const read = async (query: { after: number; limit: number; subject?: string }) =>
          (await store.readLog(query)).map(({ position }) => position);
        expect(await read({ after: 1, limit: 2 })).toEqual([2, 3]);
        expect(await read({ after: 0, limit: 10, subject: 'x' })).toEqual([1, 3, 4]);
        expect(await read({ after: 1, limit: 1, subject: 'x' })).toEqual([3]);
      });
    });

    describe('verify', () => {
      it('finds the first event whose body was changed', async () => {
        await append(store, { key: 'a', bodies: ['{"n":1}', '{"n":2}', '{"n":3}'] });
        expect(await store.verify()).toMatchObject({ intact: true, position: 3 });
        subject.tamper(2, '{"n":99}');
        expect(await store.verify()).toMatchObject({ intact: false, position: 2 });
      });

      it('calls an empty log intact', async () => {
        expect(await store.verify()).toEqual({ intact: true, position: 0, hash: GENESIS_HASH });
      });
    });

    describe('intake', () => {
      it('numbers rows without gaps and leaves repeated reports out', async () => {
        const report = { source: 'shop/1', reportSequence: 1, body: 'r1' };
        const first = await store.appendIntake([report, { body: 'x' }], 0);
        const second = await store.appendIntake([report, { body: 'y' }, report], 7);
        expect(first.rows).toMatchObject([{ sequence: 1 }, { sequence: 2 }]);
        expect(second.rows).toMatchObject(['duplicate', { sequence: 3 }, 'duplicate']);
        expect(await store.intakeHead()).toMatchObject({ sequence: 3, copiedThrough: 7 });
        const rows = await store.readIntake({ after: 1, limit: 5 });
        expect(rows.map(({ body }) => body)).toEqual(['x', 'y']);
      });

      it('takes the same report sequence from another source', async () => {
        const drafts = ['a', 'b'].map((source) => ({ source, reportSequence: 1, body: source }));
        const { rows } = await store.appendIntake(drafts, 0);
        expect(rows).not.toContain('duplicate');
      });

      it('prunes only what a checkpoint holds', async () => {
        subject.setTime(1_000);
        await store.appendIntake([{ body: 'a' }, { body: 'b' }, { body: 'c' }], 0);
        const limits = { idempotencyBeforeMs: 0, intakeBeforeMs: 5_000 };
        expect((await store.prune(limits)).intakeRows).toBe(0);
        await store.writeCheckpoint({ sequence: 2, state: '{}' });
        expect((await store.prune(limits)).intakeRows).toBe(2);
        const rows = await store.readIntake({ after: 0, limit: 5 });
        expect(rows.map(({ sequence }) => sequence)).toEqual([3]);
      });
    });

    describe('pages', () => {
      it('keeps a page with its event and erases it for ever', async () => {
        const page = createPage('because it hurts');
        await append(store, { key: 'a', bodies: ['{}'], pages: [page] });
        expect(await store.readPage(page.id)).toEqual(page);
        await store.erasePages([page.id]);
        expect(await store.readPage(page.id)).toBeUndefined();
        expect(await store.verify()).toMatchObject({ intact: true, position: 1 });
      });
    });

    describe('caches', () => {
      it('gives the newest state cache at or before a position', async () => {
        for (const position of [10, 20, 30]) {
          await store.writeStateCache({ position, hash: `h${position}`, state: `s${position}` });
        }
        expect(await store.readStateCache()).toMatchObject({ position: 30, state: 's30' });
        expect(await store.readStateCache(25)).toMatchObject({ position: 20 });
        expect(await store.readStateCache(5)).toBeUndefined();
      });

      it('gives the newest checkpoint', async () => {
        expect(await store.readCheckpoint()).toBeUndefined();
        await store.writeCheckpoint({ sequence: 1, state: 'a' });
        await store.writeCheckpoint({ sequence: 2, state: 'b' });
        expect(await store.readCheckpoint()).toEqual({ sequence: 2, state: 'b' });
      });
    });
  });
}

interface Appending {
  readonly key: string;
  readonly bodies: readonly string[];
  readonly answer?: { readonly position: number };
  readonly commandHash?: string;
  readonly subject?: string;
  readonly foldedThrough?: () => number;
  readonly pages?: readonly ReturnType<typeof createPage>[];
}

type Head = Parameters<Parameters<LogStore['append']>[0]['decide']>[0];

/** Appends the bodies; tells the outcome and the head that `decide` saw, if it ran. */
export async function append(
  store: LogStore,
  { key, bodies, answer = { position: 0 }, subject = 'any', ...rest }: Appending,
): Promise<{ outcome: AppendOutcome<never>; head: Head | undefined }> {
  let head: Head | undefined;
  const outcome = await store.append<never>({
    ...request(key),
    ...rest,
    decide: (seen) => {
      head = seen;
      return { kind: 'append', events: bodies.map((body) => ({ body, subject })), answer };
    },
  });
  return { outcome, head };
}

function request(key: string) {
  return {
    idempotencyKey: key,
    commandHash: 'same',
    foldedThrough: () => Number.MAX_SAFE_INTEGER,
    pages: [],
    committed: () => undefined,
  };
}
