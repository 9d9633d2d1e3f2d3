import type { DescMessage } from '@bufbuild/protobuf';
import { refusal } from '../error/refusal.ts';
import { attributesOf } from './attributes.ts';
import { type Received, unpacked } from './body.ts';
import { exportParts } from './export-parts.ts';
import type { Signal } from './signal.ts';
import { type Told, toldBy } from './told.ts';
import type { Turns } from '../clock/turns.ts';

/**
 * What the processes of an export told, read in turns.
 *
 * @throws Refusal for another compression, for what is too large unpacked, and for what is no export.
 */
export async function readExport<Schema extends DescMessage>(
  signal: Signal<Schema>,
  received: Received,
  turns: Turns,
): Promise<readonly Told[]> {
  const bytes = await unpacked(received);
  const { encoding } = received;
  const processes = new Map<string, Told>();
  try {
    for (const { resource, items } of exportParts(signal, bytes, encoding)) {
      const told = processOf(processes, toldBy(attributesOf(resource?.attributes ?? [])));
      await turns.take();
      for (const item of items) {
        signal.read(told, item, encoding);
        await turns.take();
      }
    }
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'unknown';
    throw refusal('otlp_malformed', { problem });
  }
  return [...processes.values()];
}

/** A process whose items come in many parts has told once. */
function processOf(processes: Map<string, Told>, told: Told): Told {
  const key = JSON.stringify([told.service, told.instance]);
  const known = processes.get(key) ?? told;
  processes.set(key, known);
  return known;
}
