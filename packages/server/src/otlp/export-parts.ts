import {
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  type MessageShape,
} from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { type Resource, ResourceSchema } from '../generated/otlp_pb.ts';
import type { Encoding } from './body.ts';
import type { Signal } from './signal.ts';

/** What one resource (a process) told, item by item. */
interface ExportPart<Item> {
  readonly resource: Resource | undefined;
  readonly items: Iterable<Item>;
}

/** Of one item, or of one resource: no exporter comes near, and each is read in one go. */
const MOST_ITEM_BYTES = 1 << 20;

const BY_RESOURCE = 1;
const RESOURCE = 1;
const BY_SCOPE = 2;
const ITEMS = 2;

/**
 * The parts of an export, read no further than they are asked for. JSON is that of OTLP: fields unknown here
 * are passed over. Throws an `Error` where the body is no such export.
 */
export function exportParts<Schema extends DescMessage>(
  signal: Signal<Schema>,
  bytes: Uint8Array,
  encoding: Encoding,
): Iterable<ExportPart<MessageShape<Schema>>> {
  return encoding === 'protobuf' ? binaryParts(signal, bytes) : jsonParts(signal, bytes);
}

function* binaryParts<Schema extends DescMessage>(
  { item }: Signal<Schema>,
  bytes: Uint8Array,
): Generator<ExportPart<MessageShape<Schema>>> {
  for (const byResource of fieldsOf(bytes, BY_RESOURCE)) {
    const [resource] = fieldsOf(byResource, RESOURCE);
    yield {
      resource: resource && fromBinary(ResourceSchema, bounded(resource)),
      items: binaryItems(item, byResource),
    };
  }
}

function* binaryItems<Schema extends DescMessage>(
  schema: Schema,
  byResource: Uint8Array,
): Generator<MessageShape<Schema>> {
  for (const byScope of fieldsOf(byResource, BY_SCOPE)) {
    for (const item of fieldsOf(byScope, ITEMS)) yield fromBinary(schema, bounded(item));
  }
}

function* fieldsOf(message: Uint8Array, wanted: number): Generator<Uint8Array> {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === wanted && wireType === WireType.LengthDelimited) yield reader.bytes();
    else reader.skip(wireType, field);
  }
}

function bounded(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength <= MOST_ITEM_BYTES) return bytes;
  throw new Error(`one item has more than ${MOST_ITEM_BYTES} bytes`);
}

function* jsonParts<Schema extends DescMessage>(
  { item, members }: Signal<Schema>,
  bytes: Uint8Array,
): Generator<ExportPart<MessageShape<Schema>>> {
  const message = objectOf(JSON.parse(new TextDecoder().decode(bytes)));
  const [outer, inner, items] = members;
  for (const byResource of listAt(message, outer)) {
    const { resource } = objectOf(byResource);
    const read = () => listAt(byResource, inner).flatMap((byScope) => listAt(byScope, items));
    yield {
      resource: resource === undefined ? undefined : fromJson(ResourceSchema, resource, LENIENT),
      items: jsonItems(item, read()),
    };
  }
}

const LENIENT = { ignoreUnknownFields: true };

function* jsonItems<Schema extends DescMessage>(
  schema: Schema,
  items: readonly JsonValue[],
): Generator<MessageShape<Schema>> {
  for (const item of items) yield fromJson(schema, item, LENIENT);
}

function listAt(value: JsonValue, member: string): readonly JsonValue[] {
  const list = objectOf(value)[member] ?? [];
  if (Array.isArray(list)) return list;
  throw new Error(`\`${member}\` is no list`);
}

function objectOf(value: unknown): Record<string, JsonValue> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, JsonValue>;
  }
  throw new Error('an object was expected');
}
