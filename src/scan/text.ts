/**
 * Bytes being scanned: the stored ones, or ones decoded from a stretch of them. A decoded text knows where each
 * of its bytes came from, so that a span in it is told as a span of what is stored.
 */
export interface ScanText {
  bytes: Buffer
  /** Decoders between the stored bytes and these, outermost first. */
  decoding: readonly string[]
  /** Where the stored form of the byte at `offset` begins. */
  startOf(offset: number): number
  /** Where the stored form of the bytes before `offset` ends (exclusive). */
  endOf(offset: number): number
}

/** What a decoder makes of a stretch; offsets are of the text it was given. */
export interface Decoded {
  name: string
  bytes: Buffer
  /** Where the encoded form of the byte at `offset` begins. */
  start(offset: number): number
  /** Where the encoded form of the byte before `offset` ends (exclusive). */
  end(offset: number): number
}

/** Stored bytes. */
export function storedText(bytes: Buffer): ScanText {
  return { bytes, decoding: [], startOf: (offset) => offset, endOf: (offset) => offset }
}

/** `decoded` out of `text`. */
export function decodedText(text: ScanText, decoded: Decoded): ScanText {
  return {
    bytes: decoded.bytes,
    decoding: [...text.decoding, decoded.name],
    startOf: (offset) => text.startOf(decoded.start(offset)),
    endOf: (offset) => text.endOf(decoded.end(offset)),
  }
}
