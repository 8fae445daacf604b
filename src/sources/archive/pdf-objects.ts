/** The stream objects of a PDF, found by looking through the file, and what is packed in them. */
import { constants, inflateSync } from 'node:zlib'

export interface StreamObject {
  /** Its number. */
  number: string
  dictionary: string
  /** Of the packed bytes. */
  start: number
  end: number
}

/** A dictionary is no longer than this; the objects of a file no more. */
const longestDictionary = 4096
const mostObjects = 200_000

/** In the order they stand in. */
export function* streamObjects(bytes: Buffer): Generator<StreamObject> {
  let at = 0
  for (let count = 0; count < mostObjects; count++) {
    const mark = bytes.indexOf('stream', at)
    if (mark < 0) return
    at = mark + 6
    // Not the word in a text, nor `endstream`.
    if (bytes[at] !== 0x0d && bytes[at] !== 0x0a) continue
    if (bytes.toString('latin1', mark - 3, mark) === 'end') continue
    const head = objectBefore(bytes, mark, longestDictionary)
    if (!head) continue
    const dictionary = bytes.toString('latin1', head.end, mark)
    if (!dictionary.trimStart().startsWith('<<') || dictionary.includes('endobj')) continue
    const start = at + (bytes[at] === 0x0d && bytes[at + 1] === 0x0a ? 2 : 1)
    const end = streamEnd(bytes, start, dictionary)
    yield { number: head.number, dictionary, start, end }
    at = end
  }
}

/** The last `12 0 obj` before a place, at most `within` bytes away. */
export function objectBefore(
  bytes: Buffer,
  place: number,
  within: number,
): { number: string; end: number } | null {
  const from = Math.max(0, place - within)
  const mark = bytes.subarray(from, place).lastIndexOf(' obj')
  if (mark < 0) return null
  const numbers = /(\d{1,10})\s+\d{1,5}$/.exec(
    bytes.toString('latin1', Math.max(0, from + mark - 24), from + mark),
  )
  return numbers ? { number: numbers[1] ?? '', end: from + mark + 4 } : null
}

/** Where its length says so, if that is so; else at the next `endstream`. */
function streamEnd(bytes: Buffer, start: number, dictionary: string): number {
  const stated = /\/Length\s+(\d{1,10})(?!\d|\s+\d+\s+R)/.exec(dictionary)
  const end = start + Number(stated?.[1] ?? 0)
  if (stated && /^\s*endstream/.test(bytes.toString('latin1', end, end + 16))) return end
  const next = bytes.indexOf('endstream', start)
  return next < 0 ? bytes.length : next
}

/**
 * What a stream holds; null where it is damaged or packed in a way that is not read.
 * @param most bytes to unpack; `RangeError` (`ERR_BUFFER_TOO_LARGE`) is thrown beyond
 */
export function unpackObject(
  bytes: Buffer,
  { start, end, dictionary }: StreamObject,
  most: number,
): Buffer | null {
  const filter = /\/Filter\s*(\[[^\]]*\]|\/[A-Za-z0-9]+)/.exec(dictionary)?.[1] ?? ''
  let content: Buffer | null = bytes.subarray(start, end)
  for (const name of filter.match(/[A-Za-z0-9]+/g) ?? []) {
    if (content !== null) content = filters[name]?.(content, most) ?? null
  }
  return content
}

const filters: Readonly<Record<string, (packed: Buffer, most: number) => Buffer | null>> = {
  FlateDecode: inflate,
  Fl: inflate,
  ASCIIHexDecode: (packed) => Buffer.from(packed.toString('latin1').replace(/>.*$|\s/gs, ''), 'hex'),
  ASCII85Decode: fromAscii85,
  A85: fromAscii85,
}

/** As much as there is, where it is cut off. */
function inflate(packed: Buffer, most: number): Buffer | null {
  try {
    return inflateSync(packed, { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw error
    return null
  }
}

/** Five characters for four bytes, `z` for four zeros. */
function fromAscii85(packed: Buffer): Buffer {
  const out = Buffer.alloc(packed.length * 4)
  let length = 0
  let value = 0
  let signs = 0
  const flush = (count: number) => {
    for (let byte = 0; byte < count; byte++) out[length++] = Math.floor(value / 256 ** (3 - byte)) & 0xff
    value = 0
    signs = 0
  }
  for (const sign of packed) {
    if (sign === 0x7e) break
    if (sign === 0x7a && signs === 0) flush(4)
    if (sign < 0x21 || sign > 0x75) continue
    value = value * 85 + sign - 0x21
    if (++signs === 5) flush(4)
  }
  if (signs > 1) {
    const kept = signs - 1
    for (; signs < 5; signs++) value = value * 85 + 84
    flush(kept)
  }
  return out.subarray(0, length)
}
