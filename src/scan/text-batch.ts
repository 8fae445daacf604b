/**
 * Many short texts gated as one: with a call for each, calling takes longer than looking. What the gate lets through is
 * scanned on its own, so that neighbours in the batch say nothing about one another.
 */
import { addStats, emptyStats, type Hit, type ScanStats } from '../model/hit.ts'
import type { Spotter } from './detect.ts'

export interface BatchParts<Name> {
  spotter: Spotter
  scanBytes: (bytes: Buffer) => { hits: Hit[]; stats: ScanStats }
  /** Called for each text with hits; `text` is valid until it returns. */
  found: (hits: Hit[], name: Name, text: Buffer) => void
}

const roomLength = 128 * 1024
/** Ends lines, strings, runs and encoded text. */
const separator = Buffer.from('\n\n\n\n\n\n\n\n')

/** One object of a class, as `add` is called for every message of a history. */
export class TextBatch<Name> {
  readonly #spotter: Spotter
  readonly #scanBytes: BatchParts<Name>['scanBytes']
  readonly #found: BatchParts<Name>['found']
  readonly #room = Buffer.alloc(roomLength)
  #filled = 0
  #names: Name[] = []
  readonly #starts: number[] = []
  readonly #total = emptyStats()

  constructor({ spotter, scanBytes, found }: BatchParts<Name>) {
    this.#spotter = spotter
    this.#scanBytes = scanBytes
    this.#found = found
  }

  /** Takes a text, which is copied, and scans when enough are there. */
  add(text: Uint8Array, name: Name): void {
    const needed = text.length + separator.length
    // How UTF-16 is met depends on where a text begins.
    if (needed > roomLength / 8 || text.includes(0)) {
      this.#scanOne(Buffer.from(text), name)
      return
    }
    if (this.#filled + needed > roomLength) this.finish()
    this.#starts.push(this.#filled)
    this.#names.push(name)
    this.#room.set(text, this.#filled)
    separator.copy(this.#room, this.#filled + text.length)
    this.#filled += needed
  }

  /** Scans what is left. */
  finish(): void {
    if (this.#names.length === 0) return
    const all = this.#room.subarray(0, this.#filled)
    const { finds, encoded } = this.#spotter.candidates(all, false)
    const met = new Set<number>()
    for (let i = 0; i < finds.length; i += 2) met.add(this.#textAt(finds[i] ?? 0))
    for (let i = 0; i < encoded.length; i += 2) met.add(this.#textAt(encoded[i] ?? 0))
    for (const [i, name] of this.#names.entries()) {
      const start = this.#starts[i] ?? 0
      const end = (this.#starts[i + 1] ?? this.#filled) - separator.length
      if (met.has(i)) this.#scanOne(Buffer.from(this.#room.subarray(start, end)), name)
      else {
        this.#total.blobs += 1
        this.#total.bytesScanned += end - start
      }
    }
    this.#filled = 0
    this.#names = []
    this.#starts.length = 0
  }

  /** Sums over what was scanned so far. */
  stats(): ScanStats {
    return this.#total
  }

  #scanOne(text: Buffer, name: Name): void {
    const { hits, stats } = this.#scanBytes(text)
    addStats(this.#total, stats)
    if (hits.length > 0) this.#found(hits, name, text)
  }

  /** The number of the text that stands at a place. */
  #textAt(place: number): number {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#starts[middle] ?? 0) <= place) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}
