import { isObject } from '../document/reader.ts';
import { readFlagDocument } from '../document/read-flag-document.ts';
import { readMetricDocument } from '../document/read-metric-document.ts';
import { readPlanDocument } from '../document/read-plan-document.ts';
import { readSegmentDocument } from '../document/read-segment-document.ts';
import { saidBy } from '../document/said-by.ts';
import { domainError } from '../error/domain-error.ts';
import { failure, type Result } from '../error/result.ts';
import type { PutBody } from './types.ts';

/** The property at the top of a document that says what it is, and names its key. */
export type DocumentKind = 'segment' | 'metric' | 'plan' | 'flag';

/** What puts a document of a kind, from its JSON; or every problem in it. */
export function readPut(document: unknown, kind: DocumentKind): Result<PutBody> {
  const said = saidBy(document);
  switch (kind) {
    case 'segment':
      return mapped(readSegmentDocument(document), (value) => ({
        type: 'putSegment',
        ...value,
        said,
      }));
    case 'metric':
      return mapped(readMetricDocument(document), (metric) => ({
        type: 'putMetric',
        metric,
        said,
      }));
    case 'plan':
      return mapped(readPlanDocument(document), (plan) => ({ type: 'putPlan', plan, said }));
    case 'flag':
      return mapped(readFlagDocument(document), (definition) => ({
        type: 'putFlag',
        definition,
        said,
      }));
  }
}

const KINDS: readonly DocumentKind[] = ['segment', 'metric', 'plan', 'flag'];

/** The same for a document of any kind, which says itself what it is. */
export function readAnyPut(document: unknown): Result<PutBody> {
  const kinds = isObject(document) ? KINDS.filter((kind) => Object.hasOwn(document, kind)) : [];
  const [kind, ...others] = kinds;
  if (kind !== undefined && others.length === 0) return readPut(document, kind);
  return failure(domainError('document_kind', {}));
}

function mapped<Value>(read: Result<Value>, bodyOf: (value: Value) => PutBody): Result<PutBody> {
  return read.ok ? { ok: true, value: bodyOf(read.value) } : read;
}
