import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SseEvent, SseLimitError, SseParser } from '../../src/stream/sse-parser.ts';

function parse(chunks: readonly Buffer[], maxLength?: number): SseEvent[] {
  const events: SseEvent[] = [];
  const parser = new SseParser((event) => events.push(event), maxLength);
  for (const chunk of chunks) parser.push(chunk);
  return events;
}

function whole(text: string): SseEvent[] {
  return parse([Buffer.from(text)]);
}

describe('the reader of server-sent events', () => {
  it.each([
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['CR', '\r'],
  ])('ends lines at %s', (_name, end) => {
    const text = `event: delta${end}data: one${end}data: two${end}${end}data: three${end}${end}`;
    // A CR at the very end may be the first half of CR LF, but its line is over either way.
    expect(whole(text)).toEqual([
      { event: 'delta', data: 'one\ntwo' },
      { event: 'message', data: 'three' },
    ]);
  });

  it('leaves out comments, unknown fields and events without data', () => {
    expect(whole(': hello\n\nid: 3\nretry: 10\nevent: x\n\ndata:a\n\n')).toEqual([
      { event: 'message', data: 'a' },
    ]);
  });

  it('takes one space after the colon away and no more', () => {
    expect(whole('data:  a \n\n')).toEqual([{ event: 'message', data: ' a ' }]);
  });

  it('gives nothing for an event that is not complete', () => {
    expect(whole('data: half\n')).toEqual([]);
  });

  it('reads the same whatever way the bytes are cut', () => {
    const line = fc.constantFrom('data: ä€😀', 'data:', 'event: delta', ': x', 'data: {"a":1}', '');
    const end = fc.constantFrom('\n', '\r\n', '\r');
    const text = fc
      .array(fc.tuple(line, end), { maxLength: 12 })
      .map((lines) => lines.flat().join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(80), { maxLength: 8 }), (stream, cuts) => {
        const bytes = Buffer.from(`${stream}\n\n`);
        const places = [0, ...cuts.map((cut) => cut % bytes.length), bytes.length];
        places.sort((a, b) => a - b);
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        expect(parse(chunks)).toEqual(parse([bytes]));
      }),
    );
  });

  it.each([
    ['a line without end', ['data: ', 'x'.repeat(60), 'x'.repeat(60)]],
    ['lines without end', Array.from({ length: 30 }, () => 'data: xxx\n')],
  ])('stops at %s', (_name, chunks) => {
    expect(() =>
      parse(
        chunks.map((chunk) => Buffer.from(chunk)),
        100,
      ),
    ).toThrow(SseLimitError);
  });

  it('has room again after each event', () => {
    const text = 'data: 0123456789\n\n'.repeat(50);
    expect(parse([Buffer.from(text)], 100)).toHaveLength(50);
  });
});
