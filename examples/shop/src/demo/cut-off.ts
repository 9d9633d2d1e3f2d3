import type { Api, ProofView } from '../harness/api.ts';
import type { Shop } from '../harness/shop.ts';
import type { Facts } from './facts.ts';
import type { Story } from './story.ts';
import { until } from './facts.ts';

const FLAG = 'new-checkout';

/** Takes a completed feature down by hand while one instance is cut off, and mends the cut later. */
export async function downWhileCutOff(
  system: { readonly shop: Shop; readonly api: Api },
  story: Story,
  facts: Facts,
): Promise<{ readonly downAtMs: number; readonly mendedAtMs: number }> {
  const { shop, api } = system;
  shop.proxy.cut();
  story.line('storefront-2 is cut off from the server; it goes on serving what it knows');
  const down = await shop.downhaul('down', FLAG, '--no-wait');
  const downAtMs = Date.now();
  facts.add(`«downhaul down ${FLAG}» works at once`, down.exitCode === 0, down.stderr.trim());
  const missed = await until('the proof says who is missing', async () => {
    const { proof } = await api.rollout(FLAG);
    return clockOf(proof, 'reached')?.outcome === 'missed' ? proof : undefined;
  });
  const reached = clockOf(missed, 'reached');
  story.line(`not proven: ${reached?.statement ?? ''}`);
  const names = (reached?.missing ?? []).map((each) => each.name);
  facts.add(
    'the unproven rollback names exactly the instance that is cut off',
    names.length === 1 && (names[0] ?? '').includes('storefront-2'),
    names.join(', '),
  );
  const again = await shop.downhaul('down', FLAG, '--no-wait');
  facts.add('a second «down» changes nothing and is no error', again.exitCode === 0);

  shop.proxy.mend();
  const mendedAtMs = Date.now();
  story.line('storefront-2 can reach the server again');
  const proven = await until('the rollback is proven', async () => {
    const { proof } = await api.rollout(FLAG);
    return proof?.proven === true ? proof : undefined;
  });
  for (const clock of proven.clocks) story.line(`${clock.clock}: ${clock.statement}`);
  facts.add('the rollback is proven once the instance is back', proven.proven);
  return { downAtMs, mendedAtMs };
}

function clockOf(
  proof: ProofView | undefined,
  name: string,
): ProofView['clocks'][number] | undefined {
  return proof?.clocks.find((clock) => clock.clock === name);
}
