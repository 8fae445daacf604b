/**
 * Marvin32, the keyed sum of Microsoft's identifiable secrets (HIS and CASK). Vectors: seed 004FB61A001BDBCC over
 * nothing gives 30ED35C100CD3C7D. Source: Microsoft security-utilities.
 */

interface Marvin {
  high: number
  low: number
}

/** The 64-bit result for `data` under a seed of 8 ASCII characters or 16 hex digits' bytes (big-endian). */
export function marvin(data: Uint8Array, seed: Uint8Array): Marvin {
  const key = Buffer.from(seed)
  let high = key.readUInt32BE(0)
  let low = key.readUInt32BE(4)
  const mix = () => {
    high ^= low
    low = (rotate(low, 20) + high) | 0
    high = rotate(high, 9) ^ low
    low = (rotate(low, 27) + high) | 0
    high = rotate(high, 19)
  }
  const padded = Buffer.concat([data, Buffer.from([0x80])])
  const words = Buffer.concat([padded, Buffer.alloc((4 - (padded.length % 4)) % 4)])
  for (let at = 0; at < words.length; at += 4) {
    low = (low + words.readUInt32LE(at)) | 0
    mix()
  }
  mix()
  return { high: high >>> 0, low: low >>> 0 }
}

/** The 32-bit sum for `data` under a seed of 8 ASCII characters. */
export function marvin32(data: Uint8Array, seed: string): number {
  const { high, low } = marvin(data, Buffer.from(seed, 'latin1'))
  return (high ^ low) >>> 0
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
