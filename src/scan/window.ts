/**
 * A blob in bounded memory: a window slides over it, and each window owns the hits that begin in its middle. The
 * margins on both sides are as long as any match can reach, so what is owned is found as if the blob were whole,
 * and nothing is found twice.
 */

export interface Window {
  bytes: Buffer
  /** Where `bytes` begins in the blob. */
  base: number
  /** Hits that begin in [ownStart, ownEnd) of the blob are this window's. */
  ownStart: number
  ownEnd: number
  /** Nothing comes behind it. */
  last: boolean
}

/** Bytes a window owns; 4 MB keeps memory small and the margins a small share. */
export const ownLength = 4 * 1024 * 1024

/** Windows over bytes at hand, of which nothing is copied. */
export function* windowsOf(bytes: Buffer, margin: number, own: number): Generator<Window> {
  let ownStart = 0
  while (ownStart + own + margin < bytes.length) {
    const base = Math.max(0, ownStart - margin)
    const ownEnd = ownStart + own
    yield { bytes: bytes.subarray(base, ownEnd + margin), base, ownStart, ownEnd, last: false }
    ownStart = ownEnd
  }
  const base = Math.max(0, ownStart - margin)
  yield { bytes: base === 0 ? bytes : bytes.subarray(base), base, ownStart, ownEnd: bytes.length, last: true }
}

/** Collects pieces and hands out windows. */
export class SlidingWindow {
  readonly #margin: number
  #buffer = Buffer.alloc(0)
  #length = 0
  #base = 0
  #ownStart = 0
  readonly #own: number

  /**
   * @param margin longest reach of a match in bytes, to either side
   * @param own bytes a window owns
   */
  constructor(margin: number, own: number) {
    this.#margin = margin
    this.#own = own
  }

  /** Takes a piece over; it is copied. Yields the windows that are full; each is valid until the next step. */
  *push(piece: Uint8Array): Generator<Window> {
    let rest = piece
    while (rest.length > 0) {
      const room = this.#capacity - this.#length
      const part = rest.subarray(0, room)
      this.#append(part)
      rest = rest.subarray(part.length)
      if (this.#length === this.#capacity) {
        yield this.#window(this.#base + this.#length - this.#margin, false)
        this.#slide()
      }
    }
  }

  /** The last window, with everything that is left. */
  finish(): Window {
    return this.#window(this.#base + this.#length, true)
  }

  get #capacity(): number {
    return this.#own + 2 * this.#margin
  }

  #append(part: Uint8Array): void {
    const needed = this.#length + part.length
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.min(this.#capacity, Math.max(needed, 2 * this.#buffer.length)))
      this.#buffer.copy(grown, 0, 0, this.#length)
      this.#buffer = grown
    }
    this.#buffer.set(part, this.#length)
    this.#length = needed
  }

  #window(ownEnd: number, last: boolean): Window {
    const window = {
      bytes: this.#buffer.subarray(0, this.#length),
      base: this.#base,
      ownStart: this.#ownStart,
      ownEnd,
      last,
    }
    this.#ownStart = ownEnd
    return window
  }

  /** Drops what no later match can reach. */
  #slide(): void {
    const from = this.#ownStart - this.#margin - this.#base
    if (from <= 0) return
    this.#buffer.copyWithin(0, from, this.#length)
    this.#length -= from
    this.#base += from
  }
}
