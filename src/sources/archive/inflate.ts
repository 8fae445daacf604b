/**
 * Bytes through one of zlib's decoders, pulled as they are wanted. The source is ended when the reader stops
 * early, and an error of the source comes out as itself.
 */
import { pipeline, Readable, type Transform } from 'node:stream'

export async function* throughDecoder(
  source: AsyncIterable<Uint8Array>,
  decoder: Transform,
): AsyncGenerator<Uint8Array> {
  const input = Readable.from(source, { objectMode: false, highWaterMark: 64 * 1024 })
  // The error also destroys the decoder and so reaches the loop below.
  pipeline(input, decoder, () => {})
  for await (const chunk of decoder) yield chunk as Buffer
}
