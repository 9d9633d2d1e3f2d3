import { parseDuration } from '../../document/duration.ts';
import { parseRatio, parseShare } from '../../document/percentage.ts';
import { domainError } from '../../error/domain-error.ts';
import { failure, type Result, success } from '../../error/result.ts';
import type { Change, Effect, Loss, Onset, Scenario } from './types.ts';

const SCENARIO_ACCEPTS =
  'healthy, or parts joined by « and »: METRIC xN, METRIC +N%, METRIC -N%, METRIC hit N%, ' +
  'latency slow N% by DURATION, crash N%, lost treatment|control|both [N%], traffic xN; each followed by ' +
  'any of «from SHARE», «after DURATION», «over DURATION», «on SHARE», «shared»';

const SHORT_NAMES: Readonly<Record<string, string | undefined>> = {
  errors: 'http.error_rate',
  latency: 'http.latency',
  everything: undefined,
};

const MAX_LENGTH = 300;
const FACTOR = /^x([0-9]{1,6}(?:[.][0-9]{1,6})?)$/;
const METRIC = /^[A-Za-z][A-Za-z0-9_.:/-]{0,99}$/;

/** A scenario of a rehearsal from its text, such as `errors x3 from 25%` (docs/rehearsal.md). */
export function readScenario(text: string, path = ''): Result<Scenario> {
  const scenario =
    text.length > MAX_LENGTH ? undefined : scenarioOf(text.trim().replace(/\s+/g, ' '));
  if (scenario !== undefined) return success(scenario);
  const place = { path, accepted: SCENARIO_ACCEPTS };
  return failure(domainError('scenario_invalid', { scenario: text.slice(0, MAX_LENGTH) }, place));
}

interface Parts {
  readonly effects: Effect[];
  readonly losses: Loss[];
  trafficFactor: number;
}

function scenarioOf(text: string): Scenario | undefined {
  const parts: Parts = { effects: [], losses: [], trafficFactor: 1 };
  const clauses = text === 'healthy' ? [] : text.split(' and ');
  for (const clause of clauses) {
    if (!readClause(new Words(clause.split(' ')), parts)) return undefined;
  }
  return { text, ...parts };
}

/** True when the whole clause was understood, and added. */
function readClause(words: Words, parts: Parts): boolean {
  const subject = words.take();
  if (subject === 'healthy') return words.isDone;
  if (subject === 'traffic') {
    const factor = factorOf(words.take());
    if (factor === undefined || factor <= 0) return false;
    parts.trafficFactor *= factor;
    return words.isDone;
  }
  if (subject === 'lost' || subject === 'crash') return readLoss(words, subject, parts);
  return readEffect(words, subject, parts);
}

function readLoss(words: Words, subject: 'lost' | 'crash', { losses }: Parts): boolean {
  const crashed = subject === 'crash';
  const arm = crashed ? 'treatment' : words.take();
  if (arm !== 'treatment' && arm !== 'control' && arm !== 'both') return false;
  const given = words.takeIf((word) => word.endsWith('%'));
  if (crashed && given === undefined) return false;
  const share = given === undefined ? 1 : unitShare(given);
  const tail = readTail(words);
  if (share === undefined || tail === undefined || tail.reach !== 1 || tail.shared) return false;
  losses.push({ arm, share, crashed, onset: tail.onset });
  return true;
}

function readEffect(words: Words, subject: string, { effects }: Parts): boolean {
  const isShort = Object.hasOwn(SHORT_NAMES, subject);
  const metric = isShort ? SHORT_NAMES[subject] : subject;
  if (metric !== undefined && !METRIC.test(metric)) return false;
  const change = readChange(words);
  const tail = readTail(words);
  if (change === undefined || tail === undefined) return false;
  effects.push({ ...(metric === undefined ? {} : { metric }), change, ...tail });
  return true;
}

function readChange(words: Words): Change | undefined {
  const word = words.take();
  if (word === 'hit') {
    const share = unitShare(words.take());
    return share === undefined ? undefined : { kind: 'hit', share };
  }
  if (word === 'slow') {
    const share = unitShare(words.take());
    const by = words.take();
    const byMs = by === 'by' ? parseDuration(words.take()) : undefined;
    return share === undefined || byMs === undefined ? undefined : { kind: 'slow', share, byMs };
  }
  const factor = factorOf(word) ?? changedBy(word);
  return factor === undefined || factor < 0 ? undefined : { kind: 'times', factor };
}

function readTail(words: Words): Pick<Effect, 'reach' | 'shared' | 'onset'> | undefined {
  let reach = 1;
  let shared = false;
  const onset = { fromPerMillion: 0, afterMs: 0, overMs: 0 };
  while (!words.isDone) {
    const word = words.take();
    if (word === 'shared') {
      shared = true;
      continue;
    }
    const value = words.take();
    if (word === 'on') {
      const share = unitShare(value);
      if (share === undefined) return undefined;
      reach = share;
    } else if (!readOnset(word, value, onset)) return undefined;
  }
  return { reach, shared, onset };
}

function readOnset(
  word: string,
  value: string,
  onset: { -readonly [Name in keyof Onset]: Onset[Name] },
): boolean {
  const name = ({ after: 'afterMs', over: 'overMs', from: 'fromPerMillion' } as const)[word];
  if (name === undefined) return false;
  const read = name === 'fromPerMillion' ? parseShare(value) : parseDuration(value);
  if (read === undefined) return false;
  onset[name] = read;
  return true;
}

function factorOf(word: string): number | undefined {
  const digits = FACTOR.exec(word)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** `+20%` is 1.2. */
function changedBy(word: string): number | undefined {
  const sign = word.startsWith('+') ? 1 : word.startsWith('-') ? -1 : undefined;
  const ratio = sign === undefined ? undefined : parseRatio(word.slice(1));
  return ratio === undefined || sign === undefined ? undefined : 1 + sign * ratio;
}

function unitShare(word: string): number | undefined {
  const perMillion = parseShare(word);
  return perMillion === undefined ? undefined : perMillion / 1_000_000;
}

/** The words of a clause, taken one after the other; past the end there are empty ones. */
class Words {
  private at = 0;
  private readonly words: readonly string[];

  constructor(words: readonly string[]) {
    this.words = words;
  }

  get isDone(): boolean {
    return this.at >= this.words.length;
  }

  take(): string {
    return this.words[this.at++] ?? '';
  }

  takeIf(fits: (word: string) => boolean): string | undefined {
    const word = this.words[this.at];
    return word !== undefined && fits(word) ? this.take() : undefined;
  }
}
