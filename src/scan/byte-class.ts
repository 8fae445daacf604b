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
  tables.set(spec, table)
  return table
}

export const hexBytes = byteClass('0-9A-Fa-f')
export const base64Bytes = byteClass('A-Za-z0-9+/_-')
