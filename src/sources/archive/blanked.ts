/**
 * A file as it is, but for the stretches that were read out of it in another way: they become NUL bytes, so that
 * offsets stay true and nothing is found twice. What lies between them, deleted rows for example, is still scanned.
 */
import { type RandomAccess, rangeChunks } from './random-access.ts'

/** More stretches are not kept: what they hold may then be found twice. */
const mostStretches = 1_000_000

export class Stretches {
  /** Start and end (exclusive), one after the other. */
  readonly #bounds: number[] = []

  /** Joined with the one before where it goes on from there. */
  add(start: number, end: number): void {
    if (end <= start) return
    if (this.#bounds.at(-1) === start) this.#bounds[this.#bounds.length - 1] = end
    else if (this.#bounds.length < 2 * mostStretches) this.#bounds.push(start, end)
  }

  /** In order of their starts. */
  sorted(): [start: number, end: number][] {
    const pairs: [number, number][] = []
    for (let i = 0; i < this.#bounds.length; i += 2)
      pairs.push([this.#bounds[i] ?? 0, this.#bounds[i + 1] ?? 0])
    return pairs.sort((a, b) => a[0] - b[0])
  }
}

/** The bytes of `access` with NULs in place of `stretches`, which are asked for when reading begins. */
export async function* blankedBytes(access: RandomAccess, stretches: Stretches): AsyncGenerator<Uint8Array> {
  const blanks = stretches.sorted()
  let next = 0
  let at = 0
  for await (const chunk of rangeChunks(access, 0, access.size)) {
    const bytes = Buffer.from(chunk)
    const end = at + bytes.length
    for (let blank = blanks[next]; blank && blank[0] < end; blank = blanks[next]) {
      bytes.fill(0, Math.max(0, blank[0] - at), Math.min(bytes.length, blank[1] - at))
      if (blank[1] > end) break
      next++
    }
    yield bytes
    at = end
  }
}
