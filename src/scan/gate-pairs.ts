/**
 * Texts met by four of their bytes: the rarest are chosen, and those of all texts are put into groups such that the
 * tables of halves of bytes, which is all that the gate looks at first, let least through.
 */

/** Where the four bytes begin that are met least in text and code; fewer where there are no more. */
export function rarestFour(text: Buffer): number {
  let best = 0
  for (let at = 1; at + 3 < text.length; at++) if (share(text, at) < share(text, best)) best = at
  return best
}

const groups = 8

/** Fills eight tables of 16 bytes. */
export function fillPairTables(memory: Buffer, tables: number, fours: readonly Buffer[]): void {
  for (const [i, group] of grouped(fours).entries()) {
    for (const part of group) {
      for (let table = 0; table < 8; table++) {
        const byte = part[table >> 1]
        for (let half = 0; half < 16; half++) {
          // Behind a text that is shorter anything may stand.
          if (byte !== undefined && half !== (table % 2 === 0 ? byte & 15 : byte >> 4)) continue
          const at = tables + 16 * table + half
          memory[at] = (memory[at] ?? 0) | (1 << i)
        }
      }
    }
  }
}

/** Each, the shortest and commonest first, joins the group that then lets least more through. */
function grouped(fours: readonly Buffer[]): Buffer[][] {
  const made: Buffer[][] = Array.from({ length: groups }, () => [])
  for (const four of fours.toSorted((a, b) => a.length - b.length || share(b, 0) - share(a, 0))) {
    const costs = made.map((group) => passed([...group, four]) - passed(group))
    made[costs.indexOf(Math.min(...costs))]?.push(four)
  }
  return made
}

/** How much of a text passes a group: halves of bytes are looked at apart, so that more pass than are in it. */
function passed(group: readonly Buffer[]): number {
  if (group.length === 0) return 0
  return [0, 1, 2, 3].reduce((product, at) => product * passedAt(group.map((part) => part[at])), 1)
}

/** Behind a text that is shorter anything passes. */
function passedAt(bytes: readonly (number | undefined)[]): number {
  const known = bytes.filter((byte) => byte !== undefined)
  if (known.length < bytes.length) return allShares
  let sum = 0
  for (const high of new Set(known.map((byte) => byte >> 4)))
    for (const low of new Set(known.map((byte) => byte & 15))) sum += shares[(high << 4) | low] ?? 0
  return sum
}

function share(text: Buffer, at: number): number {
  return [0, 1, 2, 3].reduce(
    (product, i) => product * (i < text.length ? (shares[text[at + i] ?? 0] ?? 0) : 1),
    1,
  )
}

const shares = Array.from({ length: 256 }, (_, byte) => byteShare(byte))
const allShares = shares.reduce((sum, share) => sum + share, 0)

/** How often a byte is met in text and code, in thousandths, roughly. */
function byteShare(byte: number): number {
  const sign = String.fromCharCode(byte)
  if (/[eatoinsr ]/.test(sign)) return 55
  if (/[bcdfghlmpu]/.test(sign)) return 20
  if (/[jkqvwxyz"'.,;:()/=_\n-]/.test(sign)) return 8
  if (/[0-9A-Z]/.test(sign)) return 3
  return 1
}
