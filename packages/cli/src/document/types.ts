import type { Document, LineCounter } from 'yaml';

export type DocumentKind = 'segment' | 'metric' | 'plan' | 'flag';

/** One document of a file, still knowing where each of its parts stands. */
export interface WrittenDocument {
  readonly kind: DocumentKind;
  readonly key: string;
  /** As it is sent: plain JSON. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly source: DocumentSource;
}

export interface DocumentSource {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
  readonly tree: Document;
}
