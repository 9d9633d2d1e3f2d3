import type { HarmSource } from '../evidence/harm-sources.ts';
import type { Evidence } from '../evidence/types.ts';
import { sourceText } from '../rollout/excluded-source.ts';

/** Sources that a sentence names; the evidence has them all. */
const NAMED = 3;

/** Who told of the harm there is, and who does not count by a person's word. */
export function harmSentences(evidence: Evidence): string[] {
  const { assessment, harmSources = [], excluded = [] } = evidence;
  const sentences: string[] = [];
  const { harm, signals } = assessment;
  if (harm.logE > 0 || signals.logE > 0) {
    for (const metric of new Set(harmSources.map((each) => each.metric))) {
      sentences.push(...toldBy(metric, harmSources));
    }
  }
  if (excluded.length > 0) {
    const names = excluded.map((source) => `${sourceText(source)} (by ${source.by})`).join(', ');
    sentences.push(`Excluded, nothing that it tells counts: ${names}.`);
  }
  return sentences;
}

function toldBy(metric: string, sources: readonly HarmSource[]): string[] {
  const own = sources.filter((each) => each.metric === metric && each.treatment > 0);
  const services = own.filter(({ instance }) => instance === undefined);
  if (services.length === 0) return [];
  const parts = services.slice(0, NAMED).map((source) => {
    const { service } = source;
    const [most] = own.filter((each) => each.service === service && each.instance !== undefined);
    const by = most === undefined ? '' : ` (${most.instance ?? ''}: ${most.treatment})`;
    return `${service} ${source.treatment}${by}`;
  });
  const others = services.length - NAMED;
  const rest = others > 0 ? ` and ${others} other services` : '';
  return [`${metric}, what is bad in treatment by who told it: ${parts.join(', ')}${rest}.`];
}
