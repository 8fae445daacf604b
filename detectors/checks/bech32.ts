/** Bech32 (BIP-173) without its limit on length, which keys of Cardano exceed: a prefix, data, 30 bits of checksum. */
const digits = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

export interface Bech32 {
  prefix: string
  bytes: Buffer
}

/** What `text` (lower case) says, or null: foreign characters, a wrong sum, stray bits. */
export function decodeBech32(text: string): Bech32 | null {
  const cut = text.lastIndexOf('1')
  const prefix = text.slice(0, cut)
  const values = Array.from(text.slice(cut + 1), (character) => digits.indexOf(character))
  if (cut < 1 || values.length < 6 || values.includes(-1)) return null
  if (sum([...expanded(prefix), ...values]) !== 1) return null
  const bytes = toBytes(values.slice(0, -6))
  return bytes && { prefix, bytes }
}

export function encodeBech32(prefix: string, bytes: Uint8Array): string {
  const values = toFives(bytes)
  const rest = sum([...expanded(prefix), ...values, 0, 0, 0, 0, 0, 0]) ^ 1
  const check = [25, 20, 15, 10, 5, 0].map((shift) => (rest >>> shift) & 31)
  return `${prefix}1${[...values, ...check].map((value) => digits.charAt(value)).join('')}`
}

function expanded(prefix: string): number[] {
  const codes = [...Buffer.from(prefix)]
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)]
}

function sum(values: readonly number[]): number {
  let check = 1
  for (const value of values) {
    const top = check >>> 25
    check = ((check & 0x1ffffff) << 5) ^ value
    for (const [index, term] of generator.entries()) if ((top >>> index) & 1) check ^= term
  }
  return check
}

function toBytes(values: readonly number[]): Buffer | null {
  const bytes: number[] = []
  let buffer = 0
  let bits = 0
  for (const value of values) {
    buffer = ((buffer << 5) | value) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((buffer >>> bits) & 0xff)
  }
  return bits >= 5 || (buffer & ((1 << bits) - 1)) !== 0 ? null : Buffer.from(bytes)
}

function toFives(bytes: Uint8Array): number[] {
  const values: number[] = []
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      values.push((buffer >>> bits) & 31)
    }
  }
  return bits > 0 ? [...values, (buffer << (5 - bits)) & 31] : values
}
