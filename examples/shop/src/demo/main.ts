/**
 * The demo: one good feature climbs to 100 % by itself, two harmful ones come down by themselves, and a
 * feature taken down by hand is proven to be down only when it is. `--ci` leaves out the live line.
 * Exits with 1 unless every fact of the report holds.
 */
import { join } from 'node:path';
import { apiFor } from '../harness/api.ts';
import { must } from '../harness/command-line.ts';
import { paths } from '../harness/paths.ts';
import { startShop, type Shop } from '../harness/shop.ts';
import { downWhileCutOff } from './cut-off.ts';
import { Facts, until } from './facts.ts';
import { followUntilSettled } from './follow.ts';
import { rehearseAll } from './rehearsals.ts';
import { report } from './report.ts';
import { createStory, type Story } from './story.ts';

const FLAGS = ['new-checkout', 'express-pay', 'smart-pricing'] as const;
const USERS = 24_000;
const RATE_PER_SECOND = 200;
/** Different users that must have been served before the report is written. */
const USERS_SERVED = 20_000;

const ci = process.argv.includes('--ci');
const story = createStory({ live: !ci && process.stdout.isTTY });
const facts = new Facts();
const shop = await startShop();
try {
  await play(shop, story);
  process.exitCode = facts.everyOneHolds ? 0 : 1;
} catch (error) {
  console.error(error);
  for (const line of shop.server().lines.slice(-30)) console.error(line);
  process.exitCode = 1;
} finally {
  await shop.stop();
}

async function play({ downhaul }: Shop, { chapter, line }: Story): Promise<void> {
  const api = apiFor(shop.url, shop.adminToken);
  chapter('A small shop: storefront (2 instances) asks pricing and payments');
  await must(downhaul('plan', 'put', join(paths.documents, 'plans.yaml')));
  for (const flag of FLAGS) {
    await must(downhaul('flag', 'put', join(paths.documents, `${flag}.yaml`)));
  }

  chapter('Rehearsed in virtual time, before anybody is touched');
  const predictions = await rehearseAll(shop, RATE_PER_SECOND, story);

  chapter('Three features climb by themselves');
  const load = await shop.startLoad({ ratePerSecond: RATE_PER_SECOND, users: USERS });
  line(`${RATE_PER_SECOND} requests a second from ${USERS} users`);
  for (const flag of FLAGS) await startWhenReady(flag, line);
  const settled = await followUntilSettled(api, story, FLAGS);

  chapter('Down by hand, while an instance is cut off');
  const cut = await downWhileCutOff({ shop, api }, story, facts);

  chapter('Report, from the load generator’s own record');
  await until(`${USERS_SERVED} users were served`, async () =>
    answeredSoFar(load.lines) >= USERS_SERVED ? true : undefined,
  );
  await load.stop(60_000);
  await report({ shop, api, settled, cut, predictions }, facts, line);
  for (const fact of facts.all) {
    const seen = fact.seen === undefined || fact.seen === '' ? '' : ` (${fact.seen})`;
    console.log(`  ${fact.holds ? 'true ' : 'FALSE'}  ${fact.text}${seen}`);
  }
}

/** As a careful engineer would: asks whether all is there before starting. */
async function startWhenReady(flag: string, line: Story['line']): Promise<void> {
  await until(`«rollout check ${flag}» has nothing to say`, async () => {
    const { exitCode, json } = await shop.downhaul('rollout', 'check', flag);
    const { items = [] } = (json ?? {}) as { readonly items?: readonly { readonly ok: boolean }[] };
    return exitCode === 0 && items.every(({ ok }) => ok) ? true : undefined;
  });
  await must(shop.downhaul('rollout', 'start', flag));
  line(`${flag} is checked and started`);
}

/** The load meets every user once before anyone twice, so answers are users. */
function answeredSoFar(lines: readonly string[]): number {
  const summary = lines.findLast((text) => text.startsWith('{'));
  return summary === undefined ? 0 : (JSON.parse(summary) as { answered: number }).answered;
}
