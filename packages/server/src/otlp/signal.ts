import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { Encoding } from './body.ts';
import type { Told } from './told.ts';

/** One of OTLP's signals: how its items lie in an export, and what each tells. */
export interface Signal<Schema extends DescMessage> {
  readonly item: Schema;
  /** Members in JSON from the outside in: by resource, by scope, items. In protobuf all signals have the same. */
  readonly members: readonly [string, string, string];
  read(told: Told, item: MessageShape<Schema>, encoding: Encoding): void;
}
