/** LZMA as streams: bare, as 7-Zip and zip keep it, and LZMA2, which cuts it in chunks that may also be stored. */
import { type ByteReader, Truncated } from './byte-reader.ts'
import { LzmaDecoder } from './lzma-decoder.ts'
import { lzmaProperties } from './lzma-properties.ts'

const pieceSize = 64 * 1024
/** Input handed to the decoder at once; the part it leaves is handed over again. */
const feedSize = 64 * 1024

/**
 * @param properties five bytes: `lc`, `lp`, `pb`, then the size of the dictionary
 * @param size bytes that come out; null where an end mark stands behind them
 */
export async function* unlzma(
  reader: ByteReader,
  properties: Buffer,
  size: number | null,
  mostMemory: number,
): AsyncGenerator<Uint8Array> {
  const model = properties.length < 5 ? null : lzmaProperties(properties.readUInt8(0))
  if (!model) throw damaged()
  const decoder = new LzmaDecoder(properties.readUInt32LE(1), mostMemory)
  decoder.resetState(model)
  decoder.startRange(await reader.take(5))
  let left = size ?? Number.POSITIVE_INFINITY
  while (left > 0) {
    const input = await reader.peek(feedSize)
    const final = input.length < feedSize
    const { taken, bytes } = decoder.decode(input, final, Math.min(pieceSize, left))
    reader.skipHeld(taken)
    if (bytes.length > left) throw damaged()
    left -= bytes.length
    if (bytes.length > 0) yield Buffer.from(bytes)
    if (decoder.ended) {
      if (size !== null && left > 0) throw new Truncated('the stream ends early')
      return
    }
    if (taken === 0 && bytes.length === 0) throw new Truncated('the stream ends early')
  }
}

/** @param dictionarySize as the format around it states it */
export async function* unlzma2(
  reader: ByteReader,
  dictionarySize: number,
  mostMemory: number,
): AsyncGenerator<Uint8Array> {
  const decoder = new LzmaDecoder(dictionarySize, mostMemory)
  let wantsDictionary = true
  let wantsProperties = true
  for (;;) {
    const control = (await reader.take(1)).readUInt8(0)
    if (control === 0) return
    if (control === 1 || control >= 0xe0) {
      decoder.resetDictionary()
      wantsDictionary = false
    } else if (wantsDictionary || (control < 0x80 && control > 2)) throw damaged()
    if (control < 0x80) {
      const size = (await reader.take(2)).readUInt16BE(0) + 1
      yield Buffer.from(decoder.store(await reader.take(size)))
      continue
    }
    const head = await reader.take(control >= 0xc0 ? 5 : 4)
    const size = (control & 0x1f) * 65_536 + head.readUInt16BE(0) + 1
    const packed = head.readUInt16BE(2) + 1
    if (control >= 0xc0) {
      const model = lzmaProperties(head.readUInt8(4))
      if (!model || model.lc + model.lp > 4) throw damaged()
      decoder.resetState(model)
      wantsProperties = false
    } else if (wantsProperties) throw damaged()
    else if (control >= 0xa0) decoder.resetState()
    // The decoder keeps what it is given only until it answers, the reader until it is asked again.
    yield* unpackChunk(decoder, await reader.take(packed), size)
  }
}

function* unpackChunk(decoder: LzmaDecoder, packed: Buffer, size: number): Generator<Uint8Array> {
  if (packed.length < 5) throw damaged()
  decoder.startRange(packed.subarray(0, 5))
  let at = 5
  for (let left = size; left > 0; ) {
    const { taken, bytes } = decoder.decode(packed.subarray(at), true, Math.min(pieceSize, left))
    at += taken
    left -= bytes.length
    if (left < 0 || bytes.length === 0 || decoder.ended) throw damaged()
    yield Buffer.from(bytes)
  }
  if (at !== packed.length || !decoder.atRest) throw damaged()
}

function damaged(): Error {
  return new Error('LZMA data is damaged')
}
