/** Which bytes of a text are copied from the one it is made from, as a delta of git says. */

/** Triples: offset in the text, offset in its base, length; ascending by the first. */
export class Copied {
  readonly triples: Uint32Array
  readonly #length: number
  readonly #baseLength: number

  /** Lengths are those of the text and of its base. */
  constructor(triples: Uint32Array, length: number, baseLength: number) {
    this.triples = triples
    this.#length = length
    this.#baseLength = baseLength
  }

  get count(): number {
    return this.triples.length / 3
  }

  /**
   * True where all of [low, high) comes from one place of the base. Bounds beyond the ends of the text ask that its end
   * is the base's own: nothing stood there before either.
   */
  holds(low: number, high: number): boolean {
    const { triples } = this
    const from = Math.max(0, low)
    let left = 0
    let right = this.count
    while (left < right) {
      const middle = (left + right) >>> 1
      if ((triples[3 * middle] as number) <= from) left = middle + 1
      else right = middle
    }
    return left > 0 && this.covers(left - 1, low, high)
  }

  /** The same for one copy, by its number. */
  covers(copy: number, low: number, high: number): boolean {
    const at = this.triples[3 * copy] as number
    const base = this.triples[3 * copy + 1] as number
    const end = at + (this.triples[3 * copy + 2] as number)
    if (low < at && (at > 0 || base > 0)) return false
    return high <= end || (end === this.#length && base + end - at === this.#baseLength)
  }

  /** True where some of [low, high) of the base is copied. */
  touches(low: number, high: number): boolean {
    for (let i = 1; i < this.triples.length; i += 3) {
      const base = this.triples[i] as number
      if (base < high && base + (this.triples[i + 1] as number) > low) return true
    }
    return false
  }

  /**
   * Calls for everything between copies: [start, end) is new, and of no length where only a seam is. What is no more than
   * `gap` apart is told as one.
   */
  eachChange(gap: number, call: (start: number, end: number) => void): void {
    const { triples } = this
    let start = 0
    let end = 0
    /** Up to where the text is copied. */
    let until = 0
    let isChanged = false
    for (let i = 0; i < triples.length; i += 3) {
      const length = triples[i + 2] as number
      if (length === 0) continue
      const at = triples[i] as number
      if (at > 0 || (triples[i + 1] as number) > 0) {
        if (isChanged && until - end > gap) {
          call(start, end)
          isChanged = false
        }
        if (!isChanged) start = until
        end = at
        isChanged = true
      }
      until = at + length
    }
    const isWhole = until === this.#length && this.#endsAsBase()
    if (isChanged && (isWhole || until - end > gap)) {
      call(start, end)
      isChanged = false
    }
    if (!isWhole) call(isChanged ? start : until, this.#length)
  }

  /** The last copy ends with the base. */
  #endsAsBase(): boolean {
    const { triples } = this
    for (let i = triples.length - 3; i >= 0; i -= 3) {
      const length = triples[i + 2] as number
      if (length > 0) return (triples[i + 1] as number) + length === this.#baseLength
    }
    return false
  }
}
