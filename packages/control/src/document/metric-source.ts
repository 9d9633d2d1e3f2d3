import type { JsonValue } from '@downhaul/engine';
import type { MetricSource, SdkSource } from '../metric/source.ts';
import { readOtlpSource, readPrometheusSource } from '../source/read-source.ts';
import { otlpSourceSchema, prometheusSourceSchema } from '../source/source-schema.ts';
import { durationText } from './duration.ts';
import { anyOf, type JsonSchema, object, optional, string, words } from './json-schema.ts';
import { isObject, objectOf, oneOf, type Reader, wrongValue } from './reader.ts';
import { NAME_MOST, readName } from './readers.ts';

const readSdkSource: Reader<SdkSource> = objectOf({ type: oneOf('sdk') }, { event: readName });

const TYPES = ['sdk', 'otlp', 'prometheus'] as const;

const READERS: { readonly [Type in (typeof TYPES)[number]]: Reader<MetricSource> } = {
  sdk: readSdkSource,
  otlp: readOtlpSource,
  prometheus: readPrometheusSource,
};

/** Where a metric comes from: its `type` says which properties are read. */
export const readMetricSource: Reader<MetricSource> = (value, path, problems) => {
  const type = isObject(value) ? TYPES.find((each) => each === value['type']) : undefined;
  if (type !== undefined) return READERS[type](value, path, problems);
  const found = isObject(value) ? value['type'] : value;
  const place = { path: isObject(value) ? `${path}/type` : path, accepted: TYPES.join(', ') };
  return wrongValue(found, place, problems);
};

/** The source as a person writes it: `readMetricSource` gives it back. */
export function writeMetricSource(source: MetricSource): JsonValue {
  if (source.type === 'sdk') return { ...source };
  if (source.type === 'prometheus') {
    const { delayMs, scrapeMs, ...rest } = source;
    return { ...rest, delay: durationText(delayMs), scrape: durationText(scrapeMs) };
  }
  const { aboveMs, ...rest } = source;
  return { ...rest, ...(aboveMs === undefined ? {} : { above: durationText(aboveMs) }) };
}

const sdkSourceSchema = object({
  type: words('sdk'),
  event: optional(
    string({
      minLength: 1,
      maxLength: NAME_MOST,
      description: 'The name that it is tracked by; the key unless given.',
    }),
  ),
});

export const metricSourceSchema: JsonSchema = anyOf(
  [sdkSourceSchema, otlpSourceSchema, prometheusSourceSchema],
  { description: 'Where its figures come from; the SDK unless given.' },
);
