/** How many bits of what came before choose among the models of LZMA: of the last byte (`lc`), of the position (`lp`, `pb`). */

export interface LzmaProperties {
  lc: number
  lp: number
  pb: number
}

/** From the byte that headers hold; null where it is none. */
export function lzmaProperties(byte: number): LzmaProperties | null {
  if (byte >= 225) return null
  return { lc: byte % 9, lp: Math.floor(byte / 9) % 5, pb: Math.floor(byte / 45) }
}
