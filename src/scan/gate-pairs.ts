/**
 * Texts met by four of their bytes: the rarest are chosen, and those of all texts are put into groups such that the
 * tables of halves of bytes, which is all that the gate looks at first, let least through.
 */

import { pairLikeness } from './shapeless/letter-pairs.ts'

/**
 * By text: where the four bytes begin that it is met by; fewer where there are no more. Of four that a shorter text is met
 * by already no more is let through; else those count that are met least in text and code.
 */
export function chooseFours(texts: readonly Buffer[]): number[] {
  const known = new Set<string>()
  const places = texts.map(() => 0)
  const order = texts.map((_, i) => i).sort((a, b) => (texts[a]?.length ?? 0) - (texts[b]?.length ?? 0))
  for (const i of order) {
    const text = texts[i] ?? Buffer.alloc(0)
    const at = rarest(text, (four) => known.has(four)) ?? rarest(text, () => true) ?? 0
    known.add(text.toString('latin1', at, at + 4))
    places[i] = at
  }
  return places
}

/** Of the places at which four bytes begin that `is` takes the one that is met least; null where it takes none. */
function rarest(text: Buffer, is: (four: string) => boolean): number | null {
  let best: number | null = null
  for (let at = 0; at === 0 || at + 3 < text.length; at++) {
    if (!is(text.toString('latin1', at, at + 4))) continue
    if (best === null || share(text, at) < share(text, best)) best = at
  }
  return best
}

/** Groups of one set of tables. */
const setSize = 8

/** Fills `sets` times eight tables of 16 bytes, each with a bit for each of eight groups. */
export function fillPairTables(memory: Buffer, tablesAt: number, fours: readonly Buffer[], sets = 1): void {
  for (const [number, group] of grouped(fours, sets * setSize).entries()) {
    const tables = tablesAt + 128 * Math.floor(number / setSize)
    const i = number % setSize
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

/**
 * Each, the shortest and commonest first, joins the group that then lets least more through; then those that are better
 * off in another move there.
 */
function grouped(fours: readonly Buffer[], groups: number): Buffer[][] {
  const made = Array.from({ length: groups }, newGroup)
  const distinct = new Map(fours.map((four) => [four.toString('latin1'), four]))
  const sorted = [...distinct.values()].map((four) => ({ four, share: share(four, 0) }))
  sorted.sort((a, b) => a.four.length - b.four.length || b.share - a.share)
  for (const { four } of sorted) joinBest(made, four)
  for (let turn = 0; turn < mostTurns; turn++) {
    let moved = false
    for (const { four } of sorted) {
      const from = made.find(({ parts }) => parts.includes(four))
      if (!from) continue
      const before = from.passed
      leave(from, four)
      moved = joinBest(made, four, from, before - from.passed) || moved
    }
    if (!moved) break
  }
  return made.map(({ parts }) => parts)
}

/** Rounds of moves; few are made after these. */
const mostTurns = 4

/** Joins the group where it costs least, `home` unless another costs less than it did there; answers whether it is another. */
function joinBest(
  groups: readonly Group[],
  four: Buffer,
  home?: Group,
  cost = Number.POSITIVE_INFINITY,
): boolean {
  let best = home ?? groups[0]
  let least = cost
  for (const group of groups) {
    const more = passedWith(group, four) - group.passed
    if (more < least) {
      best = group
      least = more
    }
  }
  if (best) join(best, four)
  return best !== home
}

/** Halves of bytes are looked at apart, so that more pass a group than are in it. */
interface Group {
  parts: Buffer[]
  /** For each of the four places the halves that are let through, a bit each: the low half of the byte at 0, 2, …. */
  halves: Uint16Array
  /** How much of a text passes. */
  passed: number
}

function newGroup(): Group {
  return { parts: [], halves: new Uint16Array(8), passed: 0 }
}

function leave(group: Group, four: Buffer): void {
  const { parts } = group
  const at = parts.indexOf(four)
  Object.assign(group, newGroup())
  for (const [i, part] of parts.entries()) if (i !== at) join(group, part)
}

function passedWith({ halves }: Group, four: Buffer): number {
  let product = 1
  for (let at = 0; at < 4; at++) product *= passedAt(lowWith(halves, four, at), highWith(halves, four, at))
  return product
}

function join(group: Group, four: Buffer): void {
  group.passed = passedWith(group, four)
  for (let at = 0; at < 4; at++) {
    group.halves[2 * at] = lowWith(group.halves, four, at)
    group.halves[2 * at + 1] = highWith(group.halves, four, at)
  }
  group.parts.push(four)
}

/** Behind a text that is shorter anything passes. */
function lowWith(halves: Uint16Array, four: Buffer, at: number): number {
  return (halves[2 * at] ?? 0) | (at < four.length ? 1 << ((four[at] ?? 0) & 15) : 0xffff)
}

function highWith(halves: Uint16Array, four: Buffer, at: number): number {
  return (halves[2 * at + 1] ?? 0) | (at < four.length ? 1 << ((four[at] ?? 0) >> 4) : 0xffff)
}

function passedAt(low: number, high: number): number {
  const table = sharesOfHalves()
  let sum = 0
  for (let half = 0; half < 16; half++) {
    if (((high >> half) & 1) === 0) continue
    sum += (table[half * 512 + (low & 255)] ?? 0) + (table[half * 512 + 256 + (low >> 8)] ?? 0)
  }
  return sum
}

/** How often the four bytes at a place are met, small letters and signs: `comm` is in words, `dau` is not. */
function share(text: Buffer, at: number): number {
  let product = 1
  for (let i = 0; i < 4 && i < text.length; i++) {
    const byte = text[at + i] ?? 0
    product *= shares[byte] ?? 0
    const before = i === 0 ? 0 : (text[at + i - 1] ?? 0)
    if (isLetter(before) && isLetter(byte)) product *= 2 ** pairLikeness(before, byte)
    else if (usualPairs.has(String.fromCharCode(before, byte))) product *= 16
  }
  return product
}

function isLetter(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a
}

/** Signs that follow one another in all kinds of code. */
const usualPairs = new Set(['":', ': ', ' {', '({', '()', ');', '--', '//', '",', ' =', '= ', '="', '">'])

/** How often each byte is met in text and code with one bit set, in ten thousandths, roughly: `*` is the line feed, DEL `_`. */
const shares = new Uint16Array(256).fill(3)
for (const [share, bytes] of [
  [1400, ' '],
  [700, 'et'],
  [450, 'aroni'],
  [350, 's'],
  [250, 'cldu*'],
  [160, 'mphf,'],
  [110, '".:)bg0'],
  [80, "(vyw/-2135;{}='4678\x7f"],
  [50, '9xkz|'],
  [25, 'qj?`>'],
  [10, '<+#&$!'],
] as const)
  for (let i = 0; i < bytes.length; i++) shares[bytes.charCodeAt(i)] = share

let sums: Uint16Array | undefined

/** For each high half, the shares of all sets of the first eight low halves, then those of the others. */
function sharesOfHalves(): Uint16Array {
  if (sums) return sums
  const table = new Uint16Array(16 * 512)
  for (let at = 0; at < table.length; at++) {
    const set = at & 255
    if (set === 0) continue
    const first = 31 - Math.clz32(set & -set)
    const byte = ((at >> 9) << 4) | (((at >> 8) & 1) << 3) | first
    table[at] = (table[at & ~(1 << first)] ?? 0) + (shares[byte] ?? 0)
  }
  sums = table
  return table
}
