/** What the parts of the gate share while a text is read: its bounds, and where to write what is found. */
import { counts } from './layout'

/** Bounds of the text in memory. */
export let from: usize = 0
export let end: usize = 0
/** How often the text is decoded already. */
export let depth: i32 = 0

let foundAt: usize = 0
let foundOut: usize = 0
let foundEnd: usize = 0
let encodedAt: usize = 0
let encodedOut: usize = 0

/** Decoded texts are only asked whether anything is in them. */
export let probing: bool = false
export let probeHit: bool = false

export function begin(input: usize, length: usize): void {
  from = input
  end = input + length
}

export function writeTo(found: usize, foundLimit: usize, encoded: usize): void {
  foundAt = foundOut = found
  foundEnd = foundLimit
  encodedAt = encodedOut = encoded
  depth = 0
  probing = false
  probeHit = false
}

/** Leaves the counts; false when there was no room for everything. */
export function finish(): bool {
  store<u32>(counts, ((foundOut - foundAt) >> 3) as u32)
  store<u32>(counts + 4, ((encodedOut - encodedAt) >> 2) as u32)
  return foundOut < foundEnd
}

/** A place from which a detector is worth running. */
export function takeFind(place: usize, detector: u32): void {
  if (probing) {
    probeHit = true
    return
  }
  if (foundOut >= foundEnd) return
  store<u32>(foundOut, (place - from) as u32)
  store<u32>(foundOut + 4, detector)
  foundOut += 8
}

/** A stretch in whose decoded form something is worth a look. */
export function takeEncoded(start: usize, stop: usize): void {
  if (probing) {
    probeHit = true
    return
  }
  store<u32>(encodedOut, (start - from) as u32)
  store<u32>(encodedOut + 4, (stop - from) as u32)
  encodedOut += 8
}

export function enterProbe(): void {
  depth++
  probing = true
  probeHit = false
}

export function leaveProbe(wasProbing: bool, wasHit: bool): void {
  depth--
  probing = wasProbing
  probeHit = wasHit
}
