/**
 * Tells archives apart by their first bytes. Names do not count: a `.docx` is a zip, and anything may be
 * called `.txt`.
 */
export type ArchiveFormat = 'zip' | 'gzip' | 'tar'

/** Bytes from the start that `detectFormat` needs: one tar header. */
export const headSize = 512

/** The archive format of a blob that begins with these bytes; null for anything else. */
export function detectFormat(head: Buffer): ArchiveFormat | null {
  if (isZip(head)) return 'zip'
  if (isGzip(head)) return 'gzip'
  if (isTar(head)) return 'tar'
  return null
}

/** A local file header, or the end record that alone makes an empty zip (APPNOTE 4.3.7 and 4.3.16). */
function isZip(head: Buffer): boolean {
  if (head.length < 22) return false
  const signature = head.readUInt32LE(0)
  return signature === 0x04034b50 || signature === 0x06054b50
}

/** RFC 1952: magic, deflate, and no reserved flag. */
function isGzip(head: Buffer): boolean {
  return head.length >= 10 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8 && (head[3] ?? 0) < 0x20
}

/** A header whose checksum holds: also says yes to archives from before `ustar`, which have no magic. */
function isTar(head: Buffer): boolean {
  if (head.length < headSize || head[0] === 0) return false
  const stated = /^[ \0]*([0-7]{1,7})[ \0]/.exec(head.toString('latin1', 148, 156))
  if (!stated) return false
  // The checksum's own eight bytes count as spaces.
  let sum = 8 * 0x20
  for (let at = 0; at < headSize; at++) {
    if (at < 148 || at >= 156) sum += head[at] ?? 0
  }
  return sum === Number.parseInt(stated[1] ?? '', 8)
}
