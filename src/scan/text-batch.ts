/**
 * Many short texts gated as one: with a call for each, calling takes longer than looking. What the gate lets through is
 * scanned on its own, so that neighbours in the batch say nothing about one another.
 */
import { addStats, emptyStats, type Hit, type ScanStats } from '../model/hit.ts'
import type { Spotter } from './detect.ts'

export interface TextBatch<Name> {
  /** Takes a text, which is copied, and scans when enough are there. */
  add(text: Uint8Array, name: Name): void
  /** Scans what is left. */
  finish(): void
  /** Sums over what was scanned so far. */
  stats(): ScanStats
}

export interface BatchParts<Name> {
  spotter: Spotter
  scanBytes: (bytes: Buffer) => { hits: Hit[]; stats: ScanStats }
  /** Called for each text with hits; `text` is valid until it returns. */
  found: (hits: Hit[], name: Name, text: Buffer) => void
}

const roomLength = 128 * 1024
/** Ends lines, strings, runs and encoded text. */
const separator = Buffer.from('\n\n\n\n\n\n\n\n')

export function createTextBatch<Name>({ spotter, scanBytes, found }: BatchParts<Name>): TextBatch<Name> {
  const room = Buffer.alloc(roomLength)
  let filled = 0
  let names: Name[] = []
  const starts: number[] = []
  const total = emptyStats()

  function scanOne(text: Buffer, name: Name): void {
    const { hits, stats } = scanBytes(text)
    addStats(total, stats)
    if (hits.length > 0) found(hits, name, text)
  }

  function flush(): void {
    if (names.length === 0) return
    const all = room.subarray(0, filled)
    const { finds, encoded } = spotter.candidates(all, false)
    const met = new Set<number>()
    for (let i = 0; i < finds.length; i += 2) met.add(textAt(finds[i] ?? 0))
    for (let i = 0; i < encoded.length; i += 2) met.add(textAt(encoded[i] ?? 0))
    for (const [i, name] of names.entries()) {
      const start = starts[i] ?? 0
      const end = (starts[i + 1] ?? filled) - separator.length
      if (met.has(i)) scanOne(Buffer.from(room.subarray(start, end)), name)
      else {
        total.blobs += 1
        total.bytesScanned += end - start
      }
    }
    filled = 0
    names = []
    starts.length = 0
  }

  /** The number of the text that stands at a place. */
  function textAt(place: number): number {
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((starts[middle] ?? 0) <= place) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  return {
    add(text, name) {
      const needed = text.length + separator.length
      // How UTF-16 is met depends on where a text begins.
      if (needed > roomLength / 8 || text.includes(0)) {
        scanOne(Buffer.from(text), name)
        return
      }
      if (filled + needed > roomLength) flush()
      starts.push(filled)
      names.push(name)
      room.set(text, filled)
      separator.copy(room, filled + text.length)
      filled += needed
    },
    finish: flush,
    stats: () => total,
  }
}
