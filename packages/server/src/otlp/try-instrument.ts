import { type OtlpSource, pointEvents } from '@downhaul/control';
import { EVALUATIONS, type InstrumentArrival } from './arrivals.ts';

interface Trial {
  readonly ok: boolean;
  readonly text: string;
}

const NAMED = 5;

/**
 * Whether the instrument of a metric arrives and can be counted, from what services told of late. Of a metric that is
 * counted from spans only what is wrong with its evaluations is known here.
 */
export function tryOtlp(
  source: OtlpSource,
  { flag, affects }: { readonly flag: string; readonly affects: readonly string[] },
  arrivals: readonly InstrumentArrival[],
): Trial | undefined {
  const asked = arrivals.filter(({ service }) => affects.length === 0 || affects.includes(service));
  const own = asked.filter(({ instrument }) => instrument === (source.instrument ?? EVALUATIONS));
  const problems = own.flatMap(({ service, point, refused }) => {
    const why = refused ?? (point && whyNot(pointEvents(point, source)));
    return why === undefined ? [] : [`what ${service} tells cannot be counted: ${why}`];
  });
  if (problems.length > 0) return { ok: false, text: problems.join(' ') };
  if (source.instrument === undefined) return undefined;
  const telling = own.filter(({ point }) => point !== undefined).map(({ service }) => service);
  if (telling.length > 0) return { ok: true, text: `${telling.join(', ')} tells of it.` };
  if (own.length > 0) {
    const text = `${own.map(({ service }) => service).join(', ')} tells of it, but no point names ${flag} and its variant (\`feature_flag.key\`, \`feature_flag.result.variant\`).`;
    return { ok: false, text };
  }
  const names = new Set(asked.map(({ instrument }) => instrument));
  names.delete(EVALUATIONS);
  const others = [...names].sort().slice(0, NAMED);
  const told = others.length === 0 ? '' : ` Told of were ${others.join(', ')}.`;
  return { ok: false, text: `no service has told of it within the last five minutes.${told}` };
}

function whyNot(events: number | string): string | undefined {
  return typeof events === 'string' ? events : undefined;
}
