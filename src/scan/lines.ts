/** Lines and columns of byte positions, counted forward once. Columns are bytes from 1, lines from 1. */

const newline = 0x0a

export interface Position {
  line: number
  column: number
}

/** Counts lines over chunks; positions are asked for in ascending order, except within one chunk's hits. */
export class LineCounter {
  #line = 1
  /** Where the current line begins, in bytes of the whole blob. */
  #lineStart = 0
  /** Up to where newlines are counted. */
  #at = 0

  /** Moves on to `target`, reading the bytes before it from `chunk`, whose first byte is at `base`. */
  advance(chunk: Buffer, base: number, target: number): void {
    // Cut at the target: on a line of megabytes a search for its end would be made again for every hit.
    const before = chunk.subarray(0, target - base)
    let next = before.indexOf(newline, this.#at - base)
    while (next >= 0) {
      this.#line++
      this.#lineStart = base + next + 1
      next = before.indexOf(newline, next + 1)
    }
    this.#at = target
  }

  /** As `advance`, where a faster way has counted `lines` line feeds from the last position to `target`. */
  pass(chunk: Buffer, base: number, target: number, lines: number): void {
    if (lines > 0) {
      this.#line += lines
      this.#lineStart = base + chunk.lastIndexOf(newline, target - base - 1) + 1
    }
    this.#at = target
  }

  /** Up to where lines are counted. */
  get at(): number {
    return this.#at
  }

  /** Line and column of `offset`, which must not be before the last position advanced to. */
  position(chunk: Buffer, base: number, offset: number): Position {
    this.advance(chunk, base, offset)
    return { line: this.#line, column: offset - this.#lineStart + 1 }
  }

  /** As `position`, without moving on: ends of spans may lie beyond the next span's start. */
  peek(chunk: Buffer, base: number, offset: number): Position {
    const ahead = new LineCounter()
    ahead.#line = this.#line
    ahead.#lineStart = this.#lineStart
    ahead.#at = this.#at
    return ahead.position(chunk, base, offset)
  }
}
