/**
 * The header of a 7z archive: which streams are packed where, by which methods, and which files they hold. Everything in
 * it is a claim: counts are held against the bytes that are there before anything is made of that size. Format:
 * 7zFormat.txt of the LZMA SDK.
 */

export interface Coder {
  /** Method id in hex: `030101`. */
  method: string
  properties: Buffer
}

/** Streams packed together; its output holds the files one after the other. */
export interface Folder {
  /** In the order in which packing was done; unpacking goes from the last to the first. Null: not a plain chain. */
  coders: Coder[] | null
  /** Output of each coder, then. */
  sizes: number[]
  /** Which of `sizes` is the output of the whole. */
  outputOf: number
  packedStreams: number
  /** Sizes of the files in it. */
  files: number[]
}

export interface SevenZipHeader {
  /** Of the first packed stream, from the start of the archive. */
  packedAt: number
  packedSizes: number[]
  folders: Folder[]
  /** Names of all entries in order; null where it has no bytes and so stands in no folder. */
  names: (string | null)[]
}

const id = {
  end: 0,
  header: 1,
  archiveProperties: 2,
  additionalStreams: 3,
  mainStreams: 4,
  files: 5,
  packInfo: 6,
  unpackInfo: 7,
  subStreams: 8,
  size: 9,
  sums: 10,
  folder: 11,
  unpackSizes: 12,
  unpackCount: 13,
  emptyStream: 14,
  names: 17,
  encodedHeader: 23,
} as const

const signatureLength = 32

/** What an encoded header says of the streams it stands in, or the header itself. */
export function parseHeader(bytes: Buffer): { encoded: boolean; header: SevenZipHeader } {
  const fields = new Fields(bytes)
  const header: SevenZipHeader = { packedAt: signatureLength, packedSizes: [], folders: [], names: [] }
  const kind = fields.byte()
  if (kind === id.encodedHeader) {
    readStreams(fields, header)
    return { encoded: true, header }
  }
  if (kind !== id.header) throw damaged()
  for (let part = fields.byte(); part !== id.end; part = fields.byte()) {
    if (part === id.archiveProperties) skipProperties(fields)
    else if (part === id.additionalStreams) readStreams(fields, emptyHeader())
    else if (part === id.mainStreams) readStreams(fields, header)
    else if (part === id.files) readFiles(fields, header)
    else throw damaged()
  }
  return { encoded: false, header }
}

function emptyHeader(): SevenZipHeader {
  return { packedAt: signatureLength, packedSizes: [], folders: [], names: [] }
}

function skipProperties(fields: Fields): void {
  while (fields.byte() !== id.end) fields.take(fields.number())
}

function readStreams(fields: Fields, header: SevenZipHeader): void {
  for (let part = fields.byte(); part !== id.end; part = fields.byte()) {
    if (part === id.packInfo) readPackInfo(fields, header)
    else if (part === id.unpackInfo) readUnpackInfo(fields, header)
    else if (part === id.subStreams) readSubStreams(fields, header)
    else throw damaged()
  }
}

function readPackInfo(fields: Fields, header: SevenZipHeader): void {
  header.packedAt = signatureLength + fields.number()
  const count = fields.count()
  for (let part = fields.byte(); part !== id.end; part = fields.byte()) {
    if (part === id.size) header.packedSizes = Array.from({ length: count }, () => fields.number())
    else if (part === id.sums) skipSums(fields, count)
    else throw damaged()
  }
}

function readUnpackInfo(fields: Fields, header: SevenZipHeader): void {
  if (fields.byte() !== id.folder) throw damaged()
  const count = fields.count()
  // Folders in a stream of their own were planned and never written.
  if (fields.byte() !== 0) throw damaged()
  header.folders = Array.from({ length: count }, () => readFolder(fields))
  for (let part = fields.byte(); part !== id.end; part = fields.byte()) {
    if (part === id.unpackSizes) {
      for (const folder of header.folders) folder.sizes = folder.sizes.map(() => fields.number())
    } else if (part === id.sums) skipSums(fields, count)
    else throw damaged()
  }
  for (const folder of header.folders) folder.files = [folder.sizes[folder.outputOf] ?? 0]
}

function readFolder(fields: Fields): Folder {
  const count = fields.count()
  let inputs = 0
  let outputs = 0
  const coders: Coder[] = []
  for (let i = 0; i < count; i++) {
    const flags = fields.byte()
    const method = fields.take(flags & 15).toString('hex')
    inputs += flags & 16 ? fields.count() : 1
    outputs += flags & 16 ? fields.count() : 1
    const properties = flags & 32 ? fields.take(fields.count()) : Buffer.alloc(0)
    coders.push({ method, properties })
  }
  const bonds = Math.max(0, outputs - 1)
  const inputOf = new Map<number, number>()
  for (let i = 0; i < bonds; i++) {
    const input = fields.number()
    inputOf.set(fields.number(), input)
  }
  const packedStreams = inputs - bonds
  if (packedStreams < 1) throw damaged()
  if (packedStreams > 1) for (let i = 0; i < packedStreams; i++) fields.number()
  const outputOf = Array.from({ length: outputs }, (_, index) => index).find((one) => !inputOf.has(one)) ?? 0
  const simple = inputs === count && outputs === count
  return {
    coders: simple ? chain(coders, inputOf, outputOf) : null,
    sizes: Array.from({ length: outputs }, () => 0),
    outputOf,
    packedStreams,
    files: [],
  }
}

/** The coders from the one whose output is that of the whole to the one that reads what is packed. */
function chain(coders: readonly Coder[], inputOf: ReadonlyMap<number, number>, from: number): Coder[] | null {
  const outputAt = new Map([...inputOf].map(([output, input]) => [input, output]))
  const ordered: Coder[] = []
  for (let at: number | undefined = from; at !== undefined; at = outputAt.get(at)) {
    const coder = coders[at]
    if (!coder || ordered.length >= coders.length) return null
    ordered.push(coder)
  }
  return ordered.length === coders.length ? ordered : null
}

function readSubStreams(fields: Fields, header: SevenZipHeader): void {
  const counts = header.folders.map(() => 1)
  let part = fields.byte()
  if (part === id.unpackCount) {
    for (const index of counts.keys()) counts[index] = fields.count()
    part = fields.byte()
  }
  for (const [index, folder] of header.folders.entries()) {
    const count = counts[index] ?? 0
    const sizes =
      part === id.size ? Array.from({ length: Math.max(0, count - 1) }, () => fields.number()) : []
    // The last is what the others leave.
    const rest = (folder.sizes[folder.outputOf] ?? 0) - sizes.reduce((sum, size) => sum + size, 0)
    if (rest < 0 || (count > 1 && sizes.length !== count - 1)) throw damaged()
    folder.files = count === 0 ? [] : [...sizes, rest]
  }
  // Sums are left: a file with a wrong one is scanned all the same.
  if (part === id.size) part = fields.byte()
  while (part !== id.end) {
    if (part !== id.sums) throw damaged()
    skipSums(
      fields,
      header.folders.reduce((sum, { files }) => sum + files.length, 0),
    )
    part = fields.byte()
  }
}

/** Sums may be fewer than streams where a folder has its own; what follows them is then found by its id. */
function skipSums(fields: Fields, count: number): void {
  const all = fields.byte() !== 0
  const defined = all ? count : countBits(fields.take(Math.ceil(count / 8)), count)
  fields.pass(defined * 4)
}

function readFiles(fields: Fields, header: SevenZipHeader): void {
  const count = fields.count()
  let names: string[] = []
  let empty: Buffer | null = null
  for (let part = fields.number(); part !== id.end; part = fields.number()) {
    const content = new Fields(fields.take(fields.number()))
    if (part === id.emptyStream) empty = content.take(Math.ceil(count / 8))
    else if (part === id.names && content.byte() === 0) names = splitNames(content.rest(), count)
  }
  header.names = Array.from({ length: count }, (_, index) => {
    const none = empty !== null && (((empty[index >> 3] ?? 0) >> (7 - (index & 7))) & 1) === 1
    return none ? null : (names[index] ?? '')
  })
}

function splitNames(bytes: Buffer, count: number): string[] {
  return bytes.toString('utf16le').split('\0', count)
}

function countBits(bytes: Buffer, count: number): number {
  let bits = 0
  for (let i = 0; i < count; i++) bits += ((bytes[i >> 3] ?? 0) >> (7 - (i & 7))) & 1
  return bits
}

class Fields {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  byte(): number {
    return this.take(1).readUInt8(0)
  }

  /** The first byte's leading ones count the bytes that follow, the lowest first. */
  number(): number {
    const first = this.byte()
    let mask = 0x80
    let value = 0
    for (let i = 0; i < 8; i++) {
      if ((first & mask) === 0) return value + (first & (mask - 1)) * 2 ** (8 * i)
      value += this.byte() * 2 ** (8 * i)
      mask >>= 1
    }
    return value
  }

  /** A number of things each of which takes a byte of the header at least, or a bit at the least. */
  count(): number {
    const value = this.number()
    if (value > this.#bytes.length * 8) throw damaged()
    return value
  }

  take(length: number): Buffer {
    const bytes = this.#bytes.subarray(this.#at, this.#at + length)
    if (bytes.length < length) throw damaged()
    this.#at += length
    return bytes
  }

  pass(length: number): void {
    this.#at = Math.min(this.#bytes.length, this.#at + length)
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#at)
  }
}

function damaged(): Error {
  return new Error('the header of the 7z archive is damaged')
}
