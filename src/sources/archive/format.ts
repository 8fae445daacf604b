/**
 * Tells archives apart by their first bytes. Names do not count: a `.docx` is a zip, and anything may be
 * called `.txt`.
 */
export type ArchiveFormat =
  | 'zip'
  | 'gzip'
  | 'tar'
  | 'bzip2'
  | 'xz'
  | 'zstd'
  | '7z'
  | 'sqlite'
  | 'pdf'
  | 'ar'
  | 'cpio'
  | 'rpm'

/** Bytes from the start that `detectFormat` needs: one tar header. */
export const headSize = 512

/** Latin-1 texts that begin the formats which are told by nothing else. */
const marks: readonly [ArchiveFormat, string][] = [
  ['xz', '\xfd7zXZ\0\0'],
  ['zstd', '\x28\xb5\x2f\xfd'],
  ['7z', '7z\xbc\xaf\x27\x1c\0'],
  ['sqlite', 'SQLite format 3\0'],
  ['ar', '!<arch>\n'],
  ['rpm', '\xed\xab\xee\xdb'],
]
const firstBytes = new Set([...marks.map(([, mark]) => mark.charCodeAt(0)), 0x25, 0x30, 0x42])

/** The archive format of a blob that begins with these bytes; null for anything else. */
export function detectFormat(head: Buffer): ArchiveFormat | null {
  if (isZip(head)) return 'zip'
  if (isGzip(head)) return 'gzip'
  // Most files are told apart by one look at their first byte.
  if (firstBytes.has(head[0] ?? 0)) {
    const text = head.toString('latin1', 0, 80)
    const marked = marks.find(([, mark]) => text.startsWith(mark))
    if (marked) return marked[0]
    if (/^%PDF-\d\./.test(text)) return 'pdf'
    if (isBzip2(text)) return 'bzip2'
    if (/^0707(?:01|02|07)[0-9A-Fa-f]{70}/.test(text)) return 'cpio'
  }
  return isTar(head) ? 'tar' : null
}

/** A level, then the mark of a block, or that of the end of an empty stream. */
function isBzip2(text: string): boolean {
  return /^BZh[1-9]/.test(text) && ['1AY&SY', '\x17rE8P\x90'].includes(text.slice(4, 10))
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
