/** Which detectors have an anchor at a position: one look-up by the first two bytes, then the rest compared. */
import { byteClass } from './byte-class.ts'
import type { CompiledDetector } from './compile.ts'

interface Entry {
  text: Buffer
  uses: CompiledDetector[]
}

export interface AnchorIndex {
  /** Anchors with which every match begins, at a place where a word begins. */
  starting: readonly string[]
  /** All others. */
  anywhere: readonly string[]
  /** Calls `visit` for each detector one of whose anchors begins at `at`. */
  at(bytes: Buffer, at: number, visit: (compiled: CompiledDetector) => void): void
}

const word = byteClass('A-Za-z0-9_')

/** Anchors of fewer than two bytes would be met everywhere and are refused. */
export function indexAnchors(compiled: readonly CompiledDetector[]): AnchorIndex {
  const entries = new Map<string, Entry>()
  for (const one of compiled) {
    for (const anchor of one.detector.anchors) {
      if (anchor.length < 2)
        throw new RangeError(`anchor "${anchor}" of ${one.detector.id} is shorter than 2 bytes`)
      const entry = entries.get(anchor) ?? { text: Buffer.from(anchor), uses: [] }
      entry.uses.push(one)
      entries.set(anchor, entry)
    }
  }
  const buckets = new Map<number, Entry[]>()
  const starting: string[] = []
  const anywhere: string[] = []
  for (const [anchor, entry] of entries) {
    const key = entry.text.readUInt16LE(0)
    buckets.set(key, [...(buckets.get(key) ?? []), entry])
    if (beginsWords(entry)) starting.push(anchor)
    else anywhere.push(anchor)
  }
  return {
    starting,
    anywhere,
    at(bytes, at, visit) {
      for (const { text, uses } of buckets.get((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)) ?? []) {
        if (startsWith(bytes, at, text)) for (const one of uses) visit(one)
      }
    },
  }
}

/** True where no detector takes the anchor behind a word character, and it begins with one. */
function beginsWords({ text, uses }: Entry): boolean {
  if (word[text[0] ?? 0] !== 1) return false
  return uses.every(
    ({ detector, notBefore }) =>
      detector.gate !== 'inside' && word.every((is, byte) => is === 0 || notBefore[byte] === 1),
  )
}

function startsWith(bytes: Buffer, at: number, text: Buffer): boolean {
  for (let i = 2; i < text.length; i++) if (bytes[at + i] !== text[i]) return false
  return at + text.length <= bytes.length
}
