/**
 * Exact numbers of bytes out of a stream, for formats that are read from front to back. Also counts what was taken, so
 * that a decoder's output can be held against its input.
 */

/** A stream ended where its format asks for more. */
export class Truncated extends Error {
  override readonly name = 'Truncated'
}

export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>
  #held: Buffer = Buffer.alloc(0)
  #ended = false
  /** Bytes that came out of the source, those still held included. */
  pulled = 0

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Bytes handed out. */
  get used(): number {
    return this.pulled - this.#held.length
  }

  /** The next bytes without taking them: `size` or more; fewer only at the end. Valid until the next call. */
  async peek(size: number): Promise<Buffer> {
    if (this.#held.length < size && !this.#ended) await this.#fill(size)
    return this.#held
  }

  async #fill(size: number): Promise<void> {
    const parts: Uint8Array[] = [this.#held]
    let length = this.#held.length
    while (length < size) {
      const step = await this.#source.next()
      if (step.done) {
        this.#ended = true
        break
      }
      parts.push(step.value)
      length += step.value.length
      this.pulled += step.value.length
    }
    this.#held = Buffer.concat(parts, length)
  }

  /** Takes `size` bytes that `peek` has shown. */
  skipHeld(size: number): void {
    this.#held = this.#held.subarray(size)
  }

  /** The next `size` bytes. Throws `Truncated` where there are fewer. */
  async take(size: number): Promise<Buffer> {
    const bytes = (await this.peek(size)).subarray(0, size)
    if (bytes.length < size) throw new Truncated('the stream ends early')
    this.skipHeld(size)
    return bytes
  }

  /** The next `size` bytes in pieces as they come. Throws `Truncated` where there are fewer. */
  async *pieces(size: number): AsyncGenerator<Buffer> {
    for (let left = size; left > 0; ) {
      const piece = (await this.peek(1)).subarray(0, Math.min(left, 64 * 1024))
      if (piece.length === 0) throw new Truncated('the stream ends early')
      this.skipHeld(piece.length)
      left -= piece.length
      yield piece
    }
  }

  /** All that is left. */
  async *rest(): AsyncGenerator<Buffer> {
    for (let piece = await this.peek(1); piece.length > 0; piece = await this.peek(1)) {
      this.skipHeld(piece.length)
      yield piece
    }
  }

  /** Ends the source. */
  async close(): Promise<void> {
    this.#ended = true
    await this.#source.return?.()
  }
}

/** A stream through `decode`, whose source is ended with it. */
export async function* withReader(
  source: AsyncIterable<Uint8Array>,
  decode: (reader: ByteReader) => AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(source)
  try {
    yield* decode(reader)
  } finally {
    await reader.close()
  }
}
