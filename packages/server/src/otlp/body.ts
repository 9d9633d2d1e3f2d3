import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type DescMessage, type MessageShape, toBinary, toJson } from '@bufbuild/protobuf';
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

/** A body as it came. */
export interface Received {
  readonly bytes: Buffer;
  readonly contentEncoding: string | undefined;
  readonly encoding: Encoding;
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

/**
 * The bytes of a body, whatever it is compressed with.
 *
 * @throws Refusal for another compression, and for what is too large unpacked.
 */
export async function unpacked({ bytes, contentEncoding = 'identity' }: Received): Promise<Buffer> {
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
