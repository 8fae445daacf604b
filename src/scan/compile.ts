/**
 * A detector made ready to run: what its pattern asks of its bytes is read off, and the pattern compiled, when it is first
 * met. Most scans meet few of the detectors, and doing it for all takes longer than many a scan.
 */
import { createHash } from 'node:crypto'
import type { Detector } from '../model/detector.ts'
import { byteClass } from './byte-class.ts'
import { type PatternHead, patternHead } from './pattern-head.ts'
import { type AnchoredPattern, anchoredPattern, type Finder, finder, literal } from './patterns.ts'

export interface CompiledDetector {
  detector: Detector
  /** Place in the list: the earlier one wins where two claim the same bytes with the same right. */
  order: number
  notBefore: Uint8Array
  notAfter: Uint8Array
  /** What the first bytes of every match must be. */
  readonly head: PatternHead
  /** Bytes between the start of every match and its anchor, where the anchor stands inside; null where that varies. */
  readonly back: number | null
  /** The pattern looks at bytes beyond ASCII, so text that is not UTF-8 must be transcoded for it. */
  readonly wide: boolean
  pattern(): AnchoredPattern
  /** Words of the context, or null where none is asked for. */
  context(): Finder | null
}

const word = 'A-Za-z0-9_'

export function compileDetector(detector: Detector, order: number): CompiledDetector {
  let pattern: AnchoredPattern | undefined
  let context: Finder | null | undefined
  let head: PatternHead | undefined
  let back: number | null | undefined
  let wide: boolean | undefined
  return {
    detector,
    order,
    notBefore: byteClass(detector.notBefore ?? word),
    notAfter: byteClass(detector.notAfter ?? word),
    get head() {
      return (head ??= patternHead(detector.pattern))
    },
    get back() {
      if (back === undefined) back = fixedBack(detector, this.head)
      return back
    },
    get wide() {
      return (wide ??= /\[\^|\\[SWD]|(?:^|[^\\])\./.test(detector.pattern))
    },
    pattern: () => (pattern ??= anchoredPattern(detector.pattern)),
    context: () => {
      if (context === undefined) context = detector.context ? contextFinder(detector.context) : null
      return context
    },
  }
}

/** The reach to the left, where the pattern says that each anchor stands just there. */
function fixedBack({ anchors, reach }: Detector, { tables }: PatternHead): number | null {
  const fixed = anchors.every((anchor) =>
    Array.from(Buffer.from(anchor)).every((byte, i) => {
      const table = tables[reach.left + i]
      return table?.[byte] === 1 && table.reduce((sum, is) => sum + is, 0) <= 10
    }),
  )
  return fixed ? reach.left : null
}

function contextFinder(words: readonly string[]): Finder {
  return finder(`(?i:${words.map(literal).join('|')})`)
}

/** A name for the set that changes with every change to what it finds: content scanned under another name is scanned again. */
export function nameSet(detectors: readonly Detector[]): string {
  const hash = createHash('sha256').update('engine 2\n')
  for (const detector of detectors) {
    // Of functions their presence counts; changes to them are told by `revision`, or by the number of the engine.
    const told = Object.keys(detector)
      .filter((name) => name !== 'examples')
      .map((name) => {
        const value: unknown = detector[name as keyof Detector]
        return [name, typeof value === 'function' ? 'own' : value]
      })
    hash.update(`${JSON.stringify(told)}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}
