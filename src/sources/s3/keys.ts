/**
 * Keys on their way through listings, tasks and messages. A key is any text up to 1,024 bytes: nothing is
 * normalised, and what cannot be kept exactly is reported instead of being read under another name.
 */

/** A key as `encoding-type=url` writes it, back in the clear; null where it is not UTF-8. */
export function decodeListedKey(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '))
  } catch {
    return null
  }
}

/** The key marker in a task: percent-encoded, because a key may hold NUL, which no table of ours takes. */
export function writeMarker(key: string): string {
  return encodeURIComponent(key)
}

/** The key a task's marker stands for. */
export function readMarker(marker: string): string {
  return decodeURIComponent(marker)
}

/** Half a character; only a listing that is not encoded can bring it. */
export function hasLoneSurrogate(text: string): boolean {
  return /\p{Surrogate}/u.test(text)
}

/** Can be stored as text and travel in a task. */
export function isStorable(key: string): boolean {
  return !key.includes('\0') && !hasLoneSurrogate(key)
}

/** What a problem is about; holds the key as it is but for NUL. */
export function subjectOf(bucket: string, key: string): string {
  return `s3://${bucket}/${key.replaceAll(/\0|\p{Surrogate}/gu, '\ufffd')}`
}

/** What consoles write to make an empty folder appear. */
export function isFolderPlaceholder(key: string, size: number | null): boolean {
  return size === 0 && key.endsWith('/')
}

/** Later in the order of UTF-8 bytes, which is S3's, or in that of UTF-16, which some compatible servers use. */
export function comesAfter(key: string, other: string): boolean {
  return key > other || Buffer.compare(Buffer.from(key), Buffer.from(other)) > 0
}
