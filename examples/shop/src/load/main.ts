/**
 * The load generator: asks the storefront's instances in turn, at a steady rate, for users in an order
 * that meets everybody before anybody twice. It keeps its own record of every response, one JSON line
 * each, and prints a summary line every second.
 *
 * Environment: TARGETS (comma-separated URLs), RATE (requests per second), USERS, RECORD (file), SEED.
 */
import { createWriteStream } from 'node:fs';
import { Agent, get } from 'node:http';
import type { LoadRecord, ServedFlag } from './record.ts';

const targets = (process.env['TARGETS'] ?? '').split(',').map((target) => new URL(target));
const rate = Number(process.env['RATE'] ?? 200);
const users = Number(process.env['USERS'] ?? 24_000);
const record = createWriteStream(process.env['RECORD'] ?? 'load.ndjson', { flags: 'a' });
const agent = new Agent({ keepAlive: true, maxSockets: 512 });
// A step that shares no factor with the number of users visits each of them once per round.
const step = coprimeStep(users);
const first = Number(process.env['SEED'] ?? 1) % users;

const startedAtMs = performance.now();
let sent = 0;
let answered = 0;
let open = 0;

const timer = setInterval(sendDue, 5);
const summary = setInterval(() => {
  console.log(JSON.stringify({ sent, answered, open }));
}, 1_000);

process.once('SIGTERM', () => {
  clearInterval(timer);
  void drain();
});

/** Sends as many requests as the rate asks for since the start, whatever the answers do. */
function sendDue(): void {
  const due = Math.floor(((performance.now() - startedAtMs) / 1_000) * rate);
  while (sent < due) {
    const user = `user-${(first + sent * step) % users}`;
    const target = targets[sent % targets.length];
    sent += 1;
    if (target !== undefined) ask(target, user);
  }
}

function ask(target: URL, user: string): void {
  const atMs = Date.now();
  const clock = performance.now();
  open += 1;
  const finish = (status: number, body: string, failure?: string): void => {
    open -= 1;
    answered += 1;
    const line: LoadRecord = {
      user,
      atMs,
      tookMs: Math.round((performance.now() - clock) * 10) / 10,
      status,
      ...(failure === undefined ? {} : { failure }),
      port: Number(target.port),
      ...readAnswer(body),
    };
    record.write(`${JSON.stringify(line)}\n`);
  };
  let done = false;
  const once = (status: number, body = '', failure?: string): void => {
    if (done) return;
    done = true;
    finish(status, body, failure);
  };
  get(new URL(`/checkout?user=${user}`, target), { agent, timeout: 20_000 }, (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => (body += chunk));
    response.on('end', () => once(response.statusCode ?? 0, body));
    response.on('error', (error: NodeJS.ErrnoException) => once(0, '', error.code ?? 'unknown'));
  })
    .on('timeout', function (this: { destroy: () => void }) {
      this.destroy();
    })
    .on('error', (error: NodeJS.ErrnoException) => once(0, '', error.code ?? 'unknown'));
}

function readAnswer(body: string): { paid: boolean; served: readonly ServedFlag[] } {
  try {
    const answer = JSON.parse(body) as { paid?: boolean; served?: readonly ServedFlag[] };
    return { paid: answer.paid === true, served: answer.served ?? [] };
  } catch {
    return { paid: false, served: [] };
  }
}

/** Waits until every request is answered and the record is on disk. */
async function drain(): Promise<void> {
  while (open > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  clearInterval(summary);
  record.end(() => {
    console.log(JSON.stringify({ sent, answered, open, finished: true }));
    process.exit(0);
  });
}

function coprimeStep(count: number): number {
  for (let candidate = Math.floor(count * 0.618) || 1; ; candidate += 1) {
    if (greatestCommonDivisor(candidate, count) === 1) return candidate;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
