/** Sets of bytes written like the inside of a character class, as tables of 256. */

const tables = new Map<string, Uint8Array>()

/** A table with 1 for every byte of `spec` (`A-Za-z0-9_`; a `-` at either end or after a range is itself). */
export function byteClass(spec: string): Uint8Array {
  const known = tables.get(spec)
  if (known) return known
  const table = new Uint8Array(256)
  for (let i = 0; i < spec.length; i++) {
    const from = spec.charCodeAt(i)
    const range = spec.charAt(i + 1) === '-' && i + 2 < spec.length
    table.fill(1, from, (range ? spec.charCodeAt(i + 2) : from) + 1)
    if (range) i += 2
  }
  const one = shared(table)
  tables.set(spec, one)
  return one
}

const single: (Uint8Array | undefined)[] = []

/** The table of this byte alone. */
export function oneByte(byte: number): Uint8Array {
  const known = single[byte]
  if (known) return known
  const table = new Uint8Array(256)
  table[byte] = 1
  return (single[byte] = shared(table))
}

const byContent = new Map<string, Uint8Array>()

/** The one table with these bytes, so that equal sets are the same object. */
export function shared(table: Uint8Array): Uint8Array {
  const key = Buffer.from(table.buffer, table.byteOffset, table.length).toString('latin1')
  const same = byContent.get(key)
  if (!same) byContent.set(key, table)
  return same ?? table
}

const unions = new Map<Uint8Array, Map<Uint8Array, Uint8Array>>()

/** The table of the bytes of either. */
export function union(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a === b) return a
  const known = unions.get(a)?.get(b)
  if (known) return known
  const made = shared(a.map((is, byte) => is | (b[byte] ?? 0)))
  unions.set(a, (unions.get(a) ?? new Map<Uint8Array, Uint8Array>()).set(b, made))
  return made
}

export const hexBytes = byteClass('0-9A-Fa-f')
export const base64Bytes = byteClass('A-Za-z0-9+/_-')
