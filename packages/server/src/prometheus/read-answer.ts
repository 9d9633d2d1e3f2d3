import { LARGEST_COUNT } from '@downhaul/control';
import { SourceFailure } from './source-failure.ts';

/** Series that a refusal names. */
const NAMED = 5;

/**
 * The one figure of an instant query's answer; undefined where there is no series. What is no figure is
 * a failure: several series, NaN, infinity, a negative number, one that cannot be counted to, a range, or no answer of
 * Prometheus at all. So is a figure of which the server itself says that it may be partial (invariant 5).
 *
 * @throws SourceFailure
 */
export function readAnswer(text: string): number | undefined {
  const answer = parse(text);
  if (answer.status !== 'success') {
    const why = typeof answer.error === 'string' ? answer.error : 'no reason given';
    throw new SourceFailure('refused', `It refuses the query: ${why}`);
  }
  refusePartial(answer);
  const { resultType, result } = answer.data ?? {};
  if (resultType === 'scalar' && Array.isArray(result)) return figureOf(result[1]);
  if (resultType !== 'vector' || !Array.isArray(result)) {
    throw new SourceFailure('refused', `It answers a ${String(resultType)}; one figure is needed.`);
  }
  if (result.length > 1) throw manySeries(result);
  const [series] = result as readonly (Series | null)[];
  if (series?.histogram !== undefined) {
    throw new SourceFailure('not_a_number', 'It answers a native histogram, which is no figure.');
  }
  return series === undefined ? undefined : figureOf(series?.value?.[1]);
}

/**
 * Warnings say that a store, a remote read or a federated server failed, or that the query left samples out: what
 * is missing may be of one arm alone. Hints about the query come as `infos`, before Prometheus 2.53 among the
 * warnings. VictoriaMetrics says `isPartial` instead (https://docs.victoriametrics.com, `denyPartialResponse`).
 */
function refusePartial({ warnings, isPartial }: Answer): void {
  const all: readonly unknown[] = Array.isArray(warnings) ? warnings : [];
  const telling = all.map(String).filter((warning) => !warning.startsWith('PromQL info:'));
  if (telling.length > 0) {
    const others = telling.length > 1 ? ` and ${telling.length - 1} more` : '';
    const text = `Its figures may be partial, it warns: ${telling[0]}${others}`;
    throw new SourceFailure('partial', text);
  }
  if (isPartial === true) {
    throw new SourceFailure('partial', 'It says that its figures are partial (`isPartial`).');
  }
}

interface Series {
  readonly metric?: Readonly<Record<string, string>>;
  readonly value?: readonly unknown[];
  readonly histogram?: unknown;
}

interface Answer {
  readonly status?: unknown;
  readonly error?: unknown;
  readonly warnings?: unknown;
  readonly isPartial?: unknown;
  readonly data?: { readonly resultType?: unknown; readonly result?: unknown };
}

function parse(text: string): Answer {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null) return answer;
  } catch {
    // Said below.
  }
  throw new SourceFailure('not_json', 'Its answer is not JSON: that is no Prometheus API.');
}

function figureOf(value: unknown): number {
  const figure = typeof value === 'string' && value !== '' ? Number(value) : NaN;
  if (!Number.isFinite(figure)) {
    throw new SourceFailure('not_a_number', `It answers ${String(value)}, which is no figure.`);
  }
  if (figure < 0) throw new SourceFailure('negative', `It answers ${figure}, which is negative.`);
  if (figure > LARGEST_COUNT) {
    const text = `It answers ${figure}, which is beyond what can be counted exactly.`;
    throw new SourceFailure('not_a_number', text);
  }
  return figure;
}

function manySeries(result: readonly (Series | null)[]): SourceFailure {
  const names = result.slice(0, NAMED).map((series) => {
    const labels = Object.entries(series?.metric ?? {}).map(
      ([label, value]) => `${label}="${value}"`,
    );
    return `{${labels.join(', ')}}`;
  });
  const others = result.length > NAMED ? ` and ${result.length - NAMED} more` : '';
  const text = `It answers ${result.length} series where one is needed (wrap the query in sum): ${names.join(', ')}${others}`;
  return new SourceFailure('many_series', text);
}
