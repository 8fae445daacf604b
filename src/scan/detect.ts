/**
 * Candidates in, exact spans out. Matches are anchored at their candidate and looked for within the detector's
 * reach alone, so that any window that covers the reach gives what the whole gives.
 */
import { isUtf8 } from 'node:buffer'
import { indexAnchors } from './anchors.ts'
import { escapeLength, mayBegin, mayEnd } from './boundary.ts'
import type { CompiledDetector } from './compile.ts'
import { createPrefilter } from './gate.ts'
import { beginsAs } from './pattern-head.ts'
import type { Match } from './patterns.ts'
import type { Candidates, Prefilter, Wanted } from './prefilter.ts'

export interface Spotted {
  compiled: CompiledDetector
  match: Match
}

type Miss = 'boundary' | 'no_context'

export interface Spotter {
  candidates(bytes: Buffer): Candidates
  /** Every span that a detector claims; `missed` hears of those that only looked like one. */
  spot(bytes: Buffer, candidates: Candidates, missed: (miss: Miss, at: number) => void): Spotted[]
}

export function createSpotter(
  compiled: readonly CompiledDetector[],
  makePrefilter: (wanted: Wanted) => Prefilter = createPrefilter,
): Spotter {
  const index = indexAnchors(compiled)
  const valued = compiled.filter(({ detector }) => detector.gate === 'value')
  let prefilter: Prefilter | undefined

  return {
    candidates(bytes) {
      // Made when there is something to look at: its tables are a good part of the time an empty scan takes.
      prefilter ??= makePrefilter({ ...index, runs: valued.length > 0 })
      return prefilter.candidates(bytes)
    },
    spot(bytes, { anchors, runs }, missed) {
      const spotted: Spotted[] = []
      const keep = (compiled: CompiledDetector, found: Match | Miss | null, at: number) => {
        if (typeof found === 'string') missed(found, at)
        else if (found) spotted.push({ compiled, match: found })
      }
      for (let i = 0; i < anchors.length; i++) {
        const at = anchors[i] ?? 0
        index.at(bytes, at, (one) => {
          if (one.detector.gate !== 'inside') keep(one, matchFrom(one, bytes, at), at)
          else for (const match of around(one, bytes, at)) keep(one, match, at)
        })
      }
      for (let i = 0; i < runs.length; i += 2) {
        for (const at of valueStarts(bytes, runs[i] ?? 0)) {
          for (const one of valued) {
            if (beginsAs(one.head, bytes, at)) keep(one, atValue(one, bytes, at), at)
          }
        }
      }
      return spotted
    },
  }
}

/** A run may begin with letters that belong to an escape before it; both readings are tried. */
function valueStarts(bytes: Buffer, start: number): number[] {
  const escape = escapeLength(bytes, start)
  return escape > 0 ? [start, start + escape] : [start]
}

/** Every match that begins up to the detector's reach before the anchor and covers it; the check decides. */
function* around(compiled: CompiledDetector, bytes: Buffer, at: number): Generator<Match> {
  for (let start = Math.max(0, at - compiled.detector.reach.left); start <= at; start++) {
    if (!beginsAs(compiled.head, bytes, start) || !mayBegin(bytes, start, compiled.notBefore)) continue
    // Without a check nothing can tell `\n` and a value from a value that begins with `n`: the first is the rule.
    if (!compiled.detector.check && escapeLength(bytes, start) > 0) continue
    const match = matchFrom(compiled, bytes, start)
    if (match && typeof match !== 'string' && match.end > at) yield match
  }
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
  return words.find(bytes.subarray(Math.max(0, match.start - within), match.end + within), 0) !== null
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
  const stretch = bytes.subarray(start, start + compiled.detector.maxLength + 4)
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
