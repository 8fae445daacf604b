/** What stands before the compressed bytes of an object in a pack (`gitformat-pack(5)`). */

/** Numbers of types as packs have them. */
export const tree = 2
export const offsetDelta = 6
export const refDelta = 7

export const typeNames = ['', 'commit', 'tree', 'blob', 'tag'] as const
export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag'

/** Ten bytes of type and size, and a distance of ten bytes or an id of 32. */
export const longestHeader = 42

export interface EntryHeader {
  /** One of the above; 0 where there is no valid header. */
  type: number
  /** Of the object, or of its delta, once decompressed. */
  size: number
  /** Bytes back to the base of an `offsetDelta`. */
  distance: number
  /** Where the id of the base of a `refDelta` stands. */
  baseAt: number
  /** Where the compressed bytes begin. */
  dataAt: number
}

/** Fills `header` from what stands at `at`; one object serves all calls, since there are millions. */
export function readEntryHeader(
  bytes: Uint8Array,
  at: number,
  hashLength: number,
  header: EntryHeader,
): void {
  let byte = bytes[at++] ?? 0
  const type = (byte >> 4) & 7
  let size = byte & 15
  let unit = 16
  while (byte & 0x80) {
    byte = bytes[at++] ?? 0
    size += (byte & 0x7f) * unit
    unit *= 128
  }
  header.size = size
  header.distance = 0
  header.baseAt = at
  // Larger than any file can be: it also keeps the loop above within reason.
  header.type = type === 0 || type === 5 || size >= 2 ** 52 ? 0 : type
  if (type === offsetDelta) {
    byte = bytes[at++] ?? 0
    let distance = byte & 0x7f
    while (byte & 0x80 && distance < 2 ** 52) {
      byte = bytes[at++] ?? 0
      distance = (distance + 1) * 128 + (byte & 0x7f)
    }
    header.distance = distance
  } else if (type === refDelta) at += hashLength
  header.dataAt = at
}

export function emptyHeader(): EntryHeader {
  return { type: 0, size: 0, distance: 0, baseAt: 0, dataAt: 0 }
}
