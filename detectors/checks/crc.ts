/**
 * Cyclic redundancy checks that issuers put at the end of their tokens. CRC-32 is zlib's; the 16- and 24-bit
 * ones are short enough to be written out bit by bit, since their inputs never pass a few kilobytes.
 */
import { crc32 as zlibCrc32 } from 'node:zlib'

/** CRC-32/ISO-HDLC of the bytes, or of the ASCII text; unsigned. `123456789` gives CBF43926. */
export function crc32(data: string | Uint8Array): number {
  return zlibCrc32(data)
}

/** CRC-16/ARC; `123456789` gives BB3D. */
export function crc16Arc(data: Uint8Array): number {
  let crc = 0
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1
  }
  return crc
}

/** CRC-16/XMODEM; `123456789` gives 31C3. */
export function crc16Xmodem(data: Uint8Array): number {
  let crc = 0
  for (const byte of data) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff
  }
  return crc
}

/** CRC-24/OPENPGP (RFC 9580 section 6.1); `123456789` gives 21CF02. */
export function crc24(data: Uint8Array): number {
  let crc = 0xb704ce
  for (const byte of data) {
    crc ^= byte << 16
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x800000 ? (crc << 1) ^ 0x864cfb : crc << 1) & 0xffffff
  }
  return crc
}

/** The 32-bit number as 8 lower-case hex digits, most significant first. */
export function hex8(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0')
}

/** The 32-bit number as 8 lower-case hex digits of its four little-endian bytes. */
export function hex8LittleEndian(value: number): string {
  return littleEndian(value).toString('hex')
}

/** The four bytes of a 32-bit number, least significant first. */
export function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}
