/**
 * A detector made ready to run: what its pattern asks of its bytes is read off, and the pattern compiled, when it is first
 * met. Most scans meet few of the detectors, and doing it for all takes longer than many a scan.
 */
import { createHash } from 'node:crypto'
import type { Detector } from '../model/detector.ts'
import { byteClass } from './byte-class.ts'
import { type PatternHead, patternHead } from './pattern-head.ts'
import { type AnchoredPattern, anchoredPattern, type Finder, finder, literal } from './patterns.ts'

const word = 'A-Za-z0-9_'

/** One class and one shape for all: the engine asks some hundreds of them the same few things, millions of times. */
export class CompiledDetector {
  readonly detector: Detector
  /** Place in the list: the earlier one wins where two claim the same bytes with the same right. */
  readonly order: number
  readonly notBefore: Uint8Array
  readonly notAfter: Uint8Array
  #pattern: AnchoredPattern | undefined
  #context: Finder | null | undefined
  #head: PatternHead | undefined
  #back: number | null | undefined
  #wide: boolean | undefined

  constructor(detector: Detector, order: number) {
    this.detector = shaped(detector)
    this.order = order
    this.notBefore = byteClass(detector.notBefore ?? word)
    this.notAfter = byteClass(detector.notAfter ?? word)
  }

  /** What the first bytes of every match must be. */
  get head(): PatternHead {
    return (this.#head ??= patternHead(this.detector.pattern))
  }

  /** Bytes between the start of every match and its anchor, where the anchor stands inside; null where that varies. */
  get back(): number | null {
    if (this.#back === undefined) this.#back = fixedBack(this.detector, this.head)
    return this.#back
  }

  /** The pattern looks at bytes beyond ASCII, so text that is not UTF-8 must be transcoded for it. */
  get wide(): boolean {
    return (this.#wide ??= /\[\^|\\[SWD]|(?:^|[^\\])\./.test(this.detector.pattern))
  }

  pattern(): AnchoredPattern {
    return (this.#pattern ??= anchoredPattern(this.detector.pattern))
  }

  /** Words of the context, or null where none is asked for. */
  context(): Finder | null {
    if (this.#context === undefined)
      this.#context = this.detector.context ? contextFinder(this.detector.context) : null
    return this.#context
  }
}

export function compileDetector(detector: Detector, order: number): CompiledDetector {
  return new CompiledDetector(detector, order)
}

/** What a detector may leave out, so that all have the same names in the same order. */
const blank = {
  ahead: undefined,
  notBefore: undefined,
  notAfter: undefined,
  extent: undefined,
  parts: undefined,
  check: undefined,
  provenOnly: undefined,
  shapeless: undefined,
  minEntropy: undefined,
  context: undefined,
  contextWithin: undefined,
  pair: undefined,
  testMode: undefined,
  probe: undefined,
  revoke: undefined,
  yieldsTo: undefined,
  manualOnly: undefined,
  revision: undefined,
  mint: undefined,
} satisfies Partial<Record<keyof Detector, undefined>>

function shaped(detector: Detector): Detector {
  const { id, issuer, kind, docs, anchors, gate, reach, pattern, maxLength, checkKind, examples } = detector
  const always = { id, issuer, kind, docs, anchors, gate, reach, pattern, maxLength, checkKind, examples }
  return Object.assign({ ...always, ...blank }, detector) as Detector
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
