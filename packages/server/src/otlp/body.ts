import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  type DescMessage,
  type JsonValue,
  fromBinary,
  fromJson,
  type MessageShape,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { refusal } from '../error/refusal.ts';

/** The two encodings of OTLP/HTTP; an answer has that of its request. */
export type Encoding = 'protobuf' | 'json';

export const CONTENT_TYPES: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** Unpacked. Exporters send batches of some hundred spans, far below. */
const MAX_BYTES = 16 << 20;

const unpack = promisify(gunzip);

interface Received {
  readonly bytes: Buffer;
  readonly contentEncoding: string | undefined;
  readonly encoding: Encoding;
}

/**
 * The message of a request's body. JSON is that of OTLP: fields unknown here are passed over.
 *
 * @throws Refusal for another compression, for what is too large unpacked, and for no such message.
 */
export async function readBody<Schema extends DescMessage>(
  schema: Schema,
  received: Received,
): Promise<MessageShape<Schema>> {
  const bytes = await unpacked(received);
  try {
    if (received.encoding === 'protobuf') return fromBinary(schema, bytes);
    const json = JSON.parse(bytes.toString('utf8')) as JsonValue;
    return fromJson(schema, json, { ignoreUnknownFields: true });
  } catch (error) {
    throw refusal('otlp_malformed', {
      problem: error instanceof Error ? error.message : 'unknown',
    });
  }
}

/** A message as the body of an answer. */
export function writeBody<Schema extends DescMessage>(
  schema: Schema,
  message: MessageShape<Schema>,
  encoding: Encoding,
): Buffer {
  if (encoding === 'json') return Buffer.from(JSON.stringify(toJson(schema, message)));
  return Buffer.from(toBinary(schema, message));
}

/**
 * An id of a trace or span as lower-case hexadecimal digits. JSON has them as such, which its decoder took
 * for base64: writing base64 again gives the digits back, since 16 and 32 of them are whole groups of four.
 */
export function idText(bytes: Uint8Array, encoding: Encoding): string {
  const form = encoding === 'json' ? 'base64' : 'hex';
  return Buffer.from(bytes).toString(form).toLowerCase();
}

async function unpacked({ bytes, contentEncoding = 'identity' }: Received): Promise<Buffer> {
  if (contentEncoding === 'identity') return bytes;
  if (contentEncoding !== 'gzip') {
    throw refusal('otlp_type_unsupported', { type: contentEncoding });
  }
  try {
    return await unpack(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw refusal('body_too_large', { limit: MAX_BYTES });
    }
    throw refusal('otlp_malformed', { problem: 'it is not gzip' });
  }
}
