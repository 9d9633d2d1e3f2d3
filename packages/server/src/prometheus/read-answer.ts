import { LARGEST_COUNT } from '@downhaul/control';
import { SourceFailure } from './source-failure.ts';

/** Series that a refusal names. */
const NAMED = 5;

/**
 * The one figure of an instant query's answer; undefined where there is no series. What is no figure is
 * a failure: several series, NaN, infinity, a negative number, one that cannot be counted to, a range, or no answer of Prometheus at all.
 *
 * @throws SourceFailure
 */
export function readAnswer(text: string): number | undefined {
  const answer = parse(text);
  if (answer.status !== 'success') {
    const why = typeof answer.error === 'string' ? answer.error : 'no reason given';
    throw new SourceFailure('refused', `It refuses the query: ${why}`);
  }
  const { resultType, result } = answer.data ?? {};
  if (resultType === 'scalar' && Array.isArray(result)) return figureOf(result[1]);
  if (resultType !== 'vector' || !Array.isArray(result)) {
    throw new SourceFailure('refused', `It answers a ${String(resultType)}; one figure is needed.`);
  }
  if (result.length > 1) throw manySeries(result);
  const [series] = result as readonly (Series | null)[];
  return series === undefined ? undefined : figureOf(series?.value?.[1]);
}

interface Series {
  readonly metric?: Readonly<Record<string, string>>;
  readonly value?: readonly unknown[];
}

interface Answer {
  readonly status?: unknown;
  readonly error?: unknown;
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
