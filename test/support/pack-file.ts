/** Packs written object by object, right or wrong in any way, and their indexes. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'

export interface PackedObject {
  /** Id in hex that the index gives it. */
  id: string
  /** 1 commit, 2 tree, 3 blob, 4 tag, 6 delta by offset, 7 delta by name. */
  type: number
  /** Content, or the delta. */
  data: Buffer
  /** Number of the object that a delta by offset is made from. */
  base?: number
  /** Id that a delta by name is made from. */
  baseId?: string
  /** Said instead of the real size. */
  size?: number
  /** Stand instead of the real compressed bytes. */
  compressed?: Buffer
  /** Bytes back to the base said instead of the real ones. */
  distance?: number
  /** Said by the index instead of the real place. */
  offset?: number
}

export interface WrittenPack {
  pack: Buffer
  index: Buffer
}

export function writePack(objects: readonly PackedObject[], hash: 'sha1' | 'sha256' = 'sha1'): WrittenPack {
  const head = Buffer.alloc(12)
  head.write('PACK', 'latin1')
  head.writeUInt32BE(2, 4)
  head.writeUInt32BE(objects.length, 8)
  const pieces = [head]
  const offsets: number[] = []
  let at = 12
  for (const object of objects) {
    offsets.push(at)
    const distance = object.distance ?? at - (offsets[object.base ?? 0] ?? 0)
    const piece = Buffer.concat([
      entryHead(object.type, object.size ?? object.data.length),
      object.type === 6
        ? farBack(distance)
        : Buffer.from(object.type === 7 ? (object.baseId ?? '') : '', 'hex'),
      object.compressed ?? deflateSync(object.data),
    ])
    pieces.push(piece)
    at += piece.length
  }
  const body = Buffer.concat(pieces)
  const checksum = createHash(hash).update(body).digest()
  const pack = Buffer.concat([body, checksum])
  return { pack, index: writeIndex(objects, offsets, checksum, hash) }
}

function entryHead(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 15)]
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((bytes.pop() ?? 0) | 0x80, rest & 0x7f)
  }
  return Buffer.from(bytes)
}

function farBack(distance: number): Buffer {
  const bytes = [distance & 0x7f]
  for (let rest = Math.floor(distance / 128) - 1; rest >= 0; rest = Math.floor(rest / 128) - 1) {
    bytes.unshift(0x80 | (rest & 0x7f))
  }
  return Buffer.from(bytes)
}

function writeIndex(
  objects: readonly PackedObject[],
  offsets: readonly number[],
  packChecksum: Buffer,
  hash: string,
): Buffer {
  const entries = objects
    .map(({ id, offset }, i) => ({ id: Buffer.from(id, 'hex'), offset: offset ?? offsets[i] ?? 0 }))
    .sort((one, other) => one.id.compare(other.id))
  const fan = Buffer.alloc(1024)
  for (let byte = 0; byte < 256; byte++) {
    fan.writeUInt32BE(entries.filter(({ id }) => (id[0] ?? 0) <= byte).length, 4 * byte)
  }
  const places = Buffer.alloc(4 * entries.length)
  const far: Buffer[] = []
  for (const [i, { offset }] of entries.entries()) {
    if (offset < 2 ** 31) places.writeUInt32BE(offset, 4 * i)
    else {
      places.writeUInt32BE(2 ** 31 + far.length, 4 * i)
      const place = Buffer.alloc(8)
      place.writeBigUInt64BE(BigInt(offset))
      far.push(place)
    }
  }
  const body = Buffer.concat([
    Buffer.from([0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]),
    fan,
    ...entries.map(({ id }) => id),
    Buffer.alloc(4 * entries.length),
    places,
    ...far,
    packChecksum,
  ])
  return Buffer.concat([body, createHash(hash).update(body).digest()])
}

/** A delta that keeps `copied` bytes from `from` on and puts `text` after them. */
export function simpleDelta(baseSize: number, from: number, copied: number, text: string): Buffer {
  const inserts =
    text === '' ? Buffer.alloc(0) : Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])
  const copy = Buffer.alloc(8)
  copy[0] = 0xff
  copy.writeUInt32LE(from, 1)
  copy.writeUIntLE(copied, 5, 3)
  return Buffer.concat([
    varint(baseSize),
    varint(copied + text.length),
    ...(copied > 0 ? [copy] : []),
    inserts,
  ])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80)
  return Buffer.from([...bytes, rest])
}

/** A bare repository in a temporary folder with these packs; the caller removes it. */
export function createPackedRepo(packs: readonly WrittenPack[]): string {
  const path = mkdtempSync(join(tmpdir(), 'keyrecall-packed-'))
  mkdirSync(join(path, 'objects', 'pack'), { recursive: true })
  mkdirSync(join(path, 'refs'))
  writeFileSync(join(path, 'HEAD'), 'ref: refs/heads/main\n')
  for (const [i, { pack, index }] of packs.entries()) {
    writeFileSync(join(path, 'objects', 'pack', `pack-${i}.pack`), pack)
    writeFileSync(join(path, 'objects', 'pack', `pack-${i}.idx`), index)
  }
  return path
}
