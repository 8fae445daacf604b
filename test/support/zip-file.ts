/** Zip files by hand, so that tests can write what no tool would: overlaps, lies about sizes, odd names. */
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  name: string | Buffer
  content: Buffer | string
  /** 8 packs the content, anything else stores it under that number. Default 8. */
  method?: number
  /** General purpose flags; 1 is encryption. */
  flags?: number
  /** Stated instead of the true sizes. */
  claim?: { packed?: number; size?: number }
  /** Shares the local header and bytes of the entry with this index instead of having its own. */
  sameAs?: number
}

/** The bytes of a zip with these entries (APPNOTE 4.3.7, 4.3.12 and 4.3.16). */
export function zipFile(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  const offsets: number[] = []
  let offset = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name as string)
    const content = Buffer.from(entry.content as string)
    const method = entry.method ?? 8
    const packed = method === 8 ? deflateRawSync(content, { level: 9 }) : content
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt16LE(entry.flags ?? 0x800, 2)
    head.writeUInt16LE(method, 4)
    head.writeUInt32LE(crc32(content), 10)
    head.writeUInt32LE(entry.claim?.packed ?? packed.length, 14)
    head.writeUInt32LE(entry.claim?.size ?? content.length, 18)
    head.writeUInt16LE(name.length, 22)
    const start = entry.sameAs === undefined ? offset : (offsets[entry.sameAs] ?? 0)
    offsets.push(start)
    if (entry.sameAs === undefined) {
      parts.push(Buffer.from('PK\x03\x04'), head, name, packed)
      offset += 30 + name.length + packed.length
    }
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(start, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, tail, name)
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, ...directory, end])
}
