/**
 * How each detector is met by the gate: at the start of a word, by an anchor inside of one, or by its shape beside a word
 * of its context, and what its pattern asks of the bytes there. Read off the detectors; nothing here is WebAssembly.
 */
import type { Ahead } from '../model/detector.ts'
import { byteClass, oneByte, union } from './byte-class.ts'
import type { CompiledDetector } from './compile.ts'
import { headBehind, leadingRun, patternBytes, patternTail } from './pattern-head.ts'

/** One step of what must stand from the start of a match on. */
export type Step =
  | { kind: 'set'; table: Uint8Array; count: number }
  /** At most `within` bytes of `over`, then one of `until`. */
  | { kind: 'ahead'; over: Uint8Array; until: Uint8Array; within: number }
  /** A name with this keyword, bound to what could be of this kind. */
  | { kind: 'bound'; secret: 'password' | 'secret' | 'token' }
  /** The match goes on to the end of the run of `table`, whose last bytes are these, the last one first. */
  | { kind: 'tail'; table: Uint8Array; tables: readonly Uint8Array[] }

export interface Use {
  /** Place in the list of detectors. */
  number: number
  /** Bytes from the start of the match to the anchor; 0 also where it is not fixed, and the anchor itself is told. */
  back: number
  steps: Step[]
}

export interface PlannedAnchor {
  text: string
  /** `starting`: begins a word and is followed by token characters; `inside`: stands in a run of 32 of them. */
  path: 'starting' | 'inside' | 'anywhere'
  uses: Use[]
}

/** A value of this shape, beside one of these words; beside nothing where there are none. */
export interface PlannedValue {
  number: number
  /** The set its first `length` bytes are of. */
  lead: Uint8Array
  length: number
  /** No more bytes of the set may follow. */
  exact: boolean
  steps: Step[]
  words: readonly string[]
  /** Bytes between a word and the value, and from the start of the value to a word behind it. */
  within: number
  behind: number
  /** Bytes of the longest match behind the run it begins. */
  beyond: number
}

export interface GatePlan {
  anchors: PlannedAnchor[]
  values: PlannedValue[]
}

/** Characters of runs in which tokens stand. */
export const tokenBytes = byteClass('A-Za-z0-9_!#$%&*.~:=?@+/-')
/** Characters of runs in which values stand. */
export const valueBytes = byteClass('A-Za-z0-9_+/-')
/** Shortest run that is a value, with which a token begins, and in which an anchor may stand inside. */
export const runLength = 16
const startRunLength = 24
const insideRunLength = 32
const word = byteClass('A-Za-z0-9_')

/** Anchors of fewer than two bytes would be met everywhere and are refused. */
export function planGate(compiled: readonly CompiledDetector[]): GatePlan {
  const anchors = new Map<string, PlannedAnchor>()
  const values: PlannedValue[] = []
  compiled.forEach((one, number) => {
    if (one.detector.gate === 'value') values.push(planValue(one, number))
    for (const { text, path, uses } of planAnchors(one, number)) {
      const known = anchors.get(text)
      if (known) {
        known.uses.push(...uses)
        if (known.path !== path) known.path = 'anywhere'
      } else anchors.set(text, { text, path, uses })
    }
  })
  return { anchors: [...anchors.values()], values }
}

function planAnchors(one: CompiledDetector, number: number): PlannedAnchor[] {
  const { anchors, ahead, gate, id, pattern, shapeless } = one.detector
  if (anchors.length === 0) return []
  const short = anchors.find((text) => text.length < 2)
  if (short !== undefined) throw new RangeError(`anchor "${short}" of ${id} is shorter than 2 bytes`)
  if (gate === 'inside') return planInside(one, number)
  if (shapeless === 'password' || shapeless === 'secret' || shapeless === 'token') {
    const steps: Step[] = [{ kind: 'bound', secret: shapeless }]
    return anchors.map((text) => ({ text, path: 'anywhere', uses: [{ number, back: 0, steps }] }))
  }
  if (ahead) {
    const behind = aheadOf(ahead)
    return anchors.map((text) => {
      const steps = [...stepsOf([...Buffer.from(text)].map(oneByte)), behind]
      return { text, path: 'anywhere', uses: [{ number, back: 0, steps }] }
    })
  }
  const steps = stepsOf(one.head.tables)
  const starting = startsWord(one) && leadingRun(pattern, tokenBytes) >= startRunLength
  const path = starting ? 'starting' : 'anywhere'
  return anchors.map((text) => ({ text, path, uses: [{ number, back: 0, steps }] }))
}

function planInside(one: CompiledDetector, number: number): PlannedAnchor[] {
  const { head, back, detector } = one
  const run = isRun(one)
  const steps = stepsOf(head.tables)
  return detector.anchors.map((text) => {
    const inside = run || (back !== null && standsInRun(head.tables, back, text.length))
    const use = back === null ? { number, back: 0, steps: behindAnchor(one, text) } : { number, back, steps }
    return { text, path: inside ? 'inside' : 'anywhere', uses: [use] }
  })
}

function aheadOf({ over, until, within }: Ahead): Step {
  return { kind: 'ahead', over: byteClass(over), until: byteClass(until), within }
}

/** No match begins behind a word character, and all begin with one. */
function startsWord({ head, notBefore }: CompiledDetector): boolean {
  const first = head.tables[0]
  return first !== undefined && within(first, word) && within(word, notBefore)
}

/** All of every match is characters of tokens, at least 32. */
function isRun({ detector }: CompiledDetector): boolean {
  const bytes = patternBytes(detector.pattern)
  return (
    bytes !== null && within(bytes, tokenBytes) && leadingRun(detector.pattern, tokenBytes) >= insideRunLength
  )
}

/** The `length` bytes from `at` on are among 32 characters of tokens in every match. */
function standsInRun(tables: readonly Uint8Array[], at: number, length: number): boolean {
  const isToken = (place: number) => {
    const table = tables[place]
    return table !== undefined && within(table, tokenBytes)
  }
  for (let place = at; place < at + length; place++) if (!isToken(place)) return false
  let first = at
  let last = at + length
  while (first > 0 && isToken(first - 1)) first--
  while (isToken(last)) last++
  return last - first >= insideRunLength
}

/** What follows an anchor whose distance from the start of the match is not fixed. */
function behindAnchor({ detector }: CompiledDetector, text: string): Step[] {
  const steps = stepsOf([...[...Buffer.from(text)].map(oneByte), ...headBehind(detector.pattern, text)])
  return detector.ahead ? [...steps, aheadOf(detector.ahead)] : steps
}

function planValue(one: CompiledDetector, number: number): PlannedValue {
  const { tables } = one.head
  const { detector } = one
  let lead = tables[0] && within(tables[0], valueBytes) ? tables[0] : valueBytes
  let length = 0
  for (const table of tables) {
    if (!within(table, valueBytes)) break
    lead = union(lead, table)
    length++
  }
  const exact = one.head.length === length && length > 0 && within(lead, one.notAfter)
  const distance = detector.contextWithin ?? 0
  return {
    number,
    lead,
    length,
    exact,
    steps: [...stepsOf(tables), ...(detector.ahead ? [aheadOf(detector.ahead)] : []), ...tailOf(one)],
    words: [...new Set((detector.context ?? []).map((text) => text.toLowerCase()))],
    within: distance,
    behind: distance + detector.maxLength,
    beyond: beyondRun(one, length),
  }
}

function beyondRun({ detector }: CompiledDetector, length: number): number {
  const bytes = patternBytes(detector.pattern.replace(/=(?:\{[0-9,]+\}|=)?$/, ''))
  return bytes && within(bytes, valueBytes) ? 4 : detector.maxLength - length
}

/** The end of patterns like `[a-z]{20,90}[0-4]x` whose matches fill a run to its end. */
function tailOf({ detector, notAfter, head }: CompiledDetector): Step[] {
  const run = head.length > 0 ? null : patternBytes(detector.pattern)
  if (!run || !within(run, notAfter)) return []
  const tables = patternTail(detector.pattern)
  const narrow = tables.findIndex((table) => table === run)
  return narrow > 0 ? [{ kind: 'tail', table: run, tables: tables.slice(0, narrow) }] : []
}

function stepsOf(tables: readonly Uint8Array[]): Step[] {
  const steps: Step[] = []
  for (const table of tables) {
    const last = steps.at(-1)
    if (last?.kind === 'set' && last.table === table) last.count++
    else steps.push({ kind: 'set', table, count: 1 })
  }
  return steps
}

function within(small: Uint8Array, large: Uint8Array): boolean {
  return union(small, large) === large
}
