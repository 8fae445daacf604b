/**
 * Candidates in, exact spans out. Matches are anchored at their candidate and looked for within the detector's
 * reach alone, so that any window that covers the reach gives what the whole gives.
 */
import { isUtf8 } from 'node:buffer'
import { escapeLength, mayBegin, mayEnd } from './boundary.ts'
import type { CompiledDetector } from './compile.ts'
import { createPrefilter } from './gate.ts'
import { type GatePlan, planGate } from './gate-plan.ts'
import { beginsAs } from './pattern-head.ts'
import type { Match } from './patterns.ts'
import type { Candidates, Prefilter, Wanted } from './prefilter.ts'

export interface Spotted {
  compiled: CompiledDetector
  match: Match
}

type Miss = 'boundary' | 'no_context'

export interface Spotter {
  /** See `Prefilter.lend`. */
  lend(length: number): Buffer | null
  /** See `Prefilter.countLines`; of stored text. */
  countLines(start: number, end: number): number
  /** Of stored text, or of one decoded from it, which must not take its place. */
  candidates(bytes: Buffer, decoded: boolean): Candidates
  /** Every span that a detector claims; `missed` hears of those that only looked like one. */
  spot(bytes: Buffer, candidates: Candidates, missed: (miss: Miss, at: number) => void): Spotted[]
}

export function createSpotter(
  compiled: readonly CompiledDetector[],
  makePrefilter: (wanted: Wanted) => Prefilter = createPrefilter,
): Spotter {
  // Made when there is something to look at: their tables are a good part of the time an empty scan takes.
  let forStored: Prefilter | undefined
  let forDecoded: Prefilter | undefined
  const wanted = wantedOf(compiled)
  const make = () => makePrefilter(wanted)

  return {
    lend: (length) => (forStored ??= make()).lend(length),
    countLines: (start, end) => (forStored ??= make()).countLines(start, end),
    candidates: (bytes, decoded) =>
      (decoded ? (forDecoded ??= make()) : (forStored ??= make())).candidates(bytes),
    spot(bytes, { finds }, missed) {
      const spotted: Spotted[] = []
      const seen = new Set<number>()
      for (let i = 0; i < finds.length; i += 2) {
        const at = finds[i] ?? 0
        const number = finds[i + 1] ?? 0
        const one = compiled[number]
        // Several words beside a value, or two readings of a place, tell of the same.
        const key = at * compiled.length + number
        if (!one || seen.has(key)) continue
        seen.add(key)
        const met =
          one.detector.gate === 'inside' && one.back === null
            ? around(one, bytes, at)
            : [meet(one, bytes, at)]
        for (const found of met) {
          if (typeof found === 'string') missed(found, at)
          else if (found && one.detector.parts) spotted.push(...partsOf(one, bytes, found))
          else if (found) spotted.push({ compiled: one, match: found })
        }
      }
      return spotted
    },
  }
}

/** Each credential of a block, which ends with the last of them. */
function partsOf(compiled: CompiledDetector, bytes: Buffer, { start, end }: Match): Spotted[] {
  const { maxLength, parts } = compiled.detector
  const found = parts?.(bytes.subarray(start, start + maxLength)) ?? []
  const stop = Math.max(end, start + (found.at(-1)?.[1] ?? 0))
  return found.map(([from, to]) => ({
    compiled,
    match: { start, end: stop, secretStart: start + from, secretEnd: start + to },
  }))
}

/** The plan is made when it is asked for: the gate may have its tables without it. */
function wantedOf(compiled: readonly CompiledDetector[]): Wanted {
  let plan: GatePlan | undefined
  return {
    compiled,
    get plan() {
      return (plan ??= planGate(compiled))
    },
  }
}

function meet(one: CompiledDetector, bytes: Buffer, at: number): Match | Miss | null {
  switch (one.detector.gate) {
    case 'value':
      return atValue(one, bytes, at)
    case 'inside':
      return fromInside(one, bytes, at)
    default:
      return matchFrom(one, bytes, at)
  }
}

/** Every match that begins up to the detector's reach before the anchor and covers it; the check decides. */
function* around(compiled: CompiledDetector, bytes: Buffer, at: number): Generator<Match> {
  for (let start = Math.max(0, at - compiled.detector.reach.left); start <= at; start++) {
    const match = fromInside(compiled, bytes, start)
    if (match && match.end > at) yield match
  }
}

function fromInside(compiled: CompiledDetector, bytes: Buffer, start: number): Match | null {
  const match = matchFrom(compiled, bytes, start)
  if (!match || typeof match === 'string') return null
  // Without a check nothing can tell `\n` and a value from a value that begins with `n`: the first is the rule.
  return compiled.detector.check || escapeLength(bytes, start) === 0 ? match : null
}

function atValue(compiled: CompiledDetector, bytes: Buffer, at: number): Match | Miss | null {
  const { length } = compiled.head
  if (length > 0 && !mayEnd(bytes, at + length, compiled.notAfter)) return null
  const match = matchFrom(compiled, bytes, at)
  // A run of another length is no near-miss: runs are met by their length alone.
  if (!match || match === 'boundary') return null
  if (match === 'no_context') return match
  return inContext(compiled, bytes, match) ? match : 'no_context'
}

/** The match that begins at `start`, with both its boundaries; where no token may begin nothing is missed. */
function matchFrom(compiled: CompiledDetector, bytes: Buffer, start: number): Match | Miss | null {
  if (!beginsAs(compiled.head, bytes, start) || !mayBegin(bytes, start, compiled.notBefore)) return null
  const match = matchAt(compiled, bytes, start)
  if (!match) return null
  return mayEnd(bytes, match.end, compiled.notAfter) ? match : 'boundary'
}

function inContext(compiled: CompiledDetector, bytes: Buffer, match: Match): boolean {
  const words = compiled.context()
  if (!words) return true
  const within = compiled.detector.contextWithin ?? 0
  return words.isIn(bytes.subarray(Math.max(0, match.start - within), match.end + within))
}

/** The match at `start`, where the bytes are known to begin as the pattern's head asks. */
function matchAt(compiled: CompiledDetector, bytes: Buffer, start: number): Match | null {
  const { extent, maxLength, pattern } = compiled.detector
  const whole = compiled.head.length
  // Most patterns without groups are told whole by their head: such values are many, and RE2 is slow to call.
  if (whole > 0 && !extent && !pattern.includes('('))
    return { start, end: start + whole, secretStart: start, secretEnd: start + whole }
  const match = compiled.wide ? matchWide(compiled, bytes, start) : compiled.pattern().matchAt(bytes, start)
  if (!match || !extent) return match
  const length = extent(bytes.subarray(start, start + maxLength))
  return length === 0 ? match : { start, end: start + length, secretStart: start, secretEnd: start + length }
}

/**
 * RE2 reads a Buffer as UTF-8 and stops at what is none, so such a stretch is read as Latin-1: every byte
 * becomes a character, and offsets are mapped back by counting characters.
 */
function matchWide(compiled: CompiledDetector, bytes: Buffer, start: number): Match | null {
  const stop = Math.min(bytes.length, start + compiled.detector.maxLength + 4)
  if (isPlain(bytes, start, stop)) return compiled.pattern().matchAt(bytes, start)
  const stretch = bytes.subarray(start, stop)
  if (isUtf8(stretch.subarray(0, wholeCharacters(stretch)))) return compiled.pattern().matchAt(bytes, start)
  const text = stretch.toString('latin1')
  const utf8 = Buffer.from(text, 'utf8')
  const match = compiled.pattern().matchAt(utf8, 0)
  if (!match) return null
  const back = (offset: number) => start + utf8.toString('utf8', 0, offset).length
  return {
    start,
    end: back(match.end),
    secretStart: back(match.secretStart),
    secretEnd: back(match.secretEnd),
  }
}

/** ASCII only: quicker told here than asked for. */
function isPlain(bytes: Buffer, start: number, stop: number): boolean {
  for (let at = start; at < stop; at++) if ((bytes[at] as number) > 0x7f) return false
  return true
}

/** Length without a character that the end of the stretch cuts. */
function wholeCharacters(stretch: Buffer): number {
  for (let back = 1; back <= 3 && back <= stretch.length; back++) {
    const byte = stretch[stretch.length - back] ?? 0
    if (byte >= 0xc0)
      return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? stretch.length - back : stretch.length
    if (byte < 0x80) break
  }
  return stretch.length
}
