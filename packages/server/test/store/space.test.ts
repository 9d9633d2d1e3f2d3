import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreFullError, StoreUnwritableError } from '../../src/store/errors.ts';
import { createSpaceKeeper } from '../../src/store/sqlite/space.ts';

/** As SQLite throws it. */
const sqliteError = (errcode: number) => Object.assign(new Error('sqlite'), { errcode });

describe('the room of a store', () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'downhaul-space-'));
    file = join(directory, 'downhaul.db');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** A disk that is full until the reserve is gone. */
  const untilReleased = () => {
    if (existsSync(`${file}.reserve`)) throw sqliteError(13);
    return 'written';
  };

  it('keeps a reserve that is really written, for its owner alone', () => {
    const { reserveBytes, level } = createSpaceKeeper(file).look();
    const { blocks, mode } = statSync(`${file}.reserve`);
    expect(level).toBe('ample');
    expect(blocks * 512).toBeGreaterThanOrEqual(reserveBytes);
    expect(mode & 0o777).toBe(0o600);
  });

  it('gives the reserve to the way down and to nothing else', () => {
    const space = createSpaceKeeper(file);
    space.look();
    expect(() => space.write('telemetry', untilReleased)).toThrow(StoreFullError);
    expect(() => space.write('change', untilReleased)).toThrow(StoreFullError);
    expect(space.write('down', untilReleased)).toBe('written');
  });

  it.each([
    [10, 'the disk failed'],
    [8, 'it is read-only'],
    [14, 'a file cannot be opened'],
    [10 | (12 << 8), 'the disk failed'],
  ])(
    'names the error %i of SQLite, and forgets it when something is written again',
    (code, text) => {
      const space = createSpaceKeeper(file);
      const fail = () => {
        throw sqliteError(code);
      };
      expect(() => space.write('change', fail)).toThrow(StoreUnwritableError);
      expect(space.look()).toMatchObject({ level: 'unwritable', problem: text });
      space.write('change', () => undefined);
      expect(space.look().level).toBe('ample');
    },
  );

  it('leaves other errors as they are', () => {
    const defect = new TypeError('a defect');
    const fail = () => {
      throw defect;
    };
    expect(() => createSpaceKeeper(file).write('change', fail)).toThrow(defect);
  });
});
