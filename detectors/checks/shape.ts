/**
 * Builds detectors of the common shapes from the fields that differ: fixed text at the start (`prefixed`),
 * fixed text inside (`inside`), a value beside a vendor's name (`valued`). Examples are minted lazily, so that
 * loading the list costs nothing.
 */
import type { CheckKind, Detector, DetectorExamples } from '../../src/model/detector.ts'
import { type Random, seededRandom } from './random.ts'
import { sample } from './sample.ts'

/** What every entry states; the rest has defaults. */
export type Shape = Pick<Detector, 'id' | 'issuer' | 'kind' | 'docs' | 'pattern' | 'maxLength'> &
  Partial<Omit<Detector, 'examples'>> & {
    /** More values that must not be reported; a placeholder and a truncated value are always among them. */
    near?: () => readonly string[]
  }

/** The common shape: one of `anchors` begins every match. */
export function prefixed(shape: Shape & { anchors: readonly string[] }): Detector {
  return complete({ gate: 'prefix', reach: { left: 0, right: shape.maxLength }, ...shape })
}

/** The anchor stands up to `left` bytes after the start of the match. */
export function inside(shape: Shape & { anchors: readonly string[] }, left: number): Detector {
  return complete({ gate: 'inside', reach: { left, right: shape.maxLength }, ...shape })
}

/** No fixed text: a run of token characters with one of `context` within `contextWithin` (default 80) bytes. */
export function valued(shape: Shape & { context: readonly string[] }): Detector {
  const within = shape.contextWithin ?? 80
  return complete({
    gate: 'value',
    anchors: [],
    contextWithin: within,
    reach: { left: within, right: shape.maxLength + within },
    ...shape,
  })
}

/** Where a digit is asked for, all but a few in a thousand random values have one. */
function withDigit(pattern: string, random: Random): string {
  for (;;) {
    const value = sample(pattern, random)
    if (/[0-9]/.test(value)) return value
  }
}

function complete(
  shape: Shape & Pick<Detector, 'gate' | 'reach'> & { anchors: readonly string[] },
): Detector {
  const { near, ...fields } = shape
  const checkKind: CheckKind = shape.checkKind ?? (shape.check ? 'checksum' : 'none')
  const drawn = shape.gate === 'value' || shape.minEntropy !== undefined ? withDigit : sample
  const mint = shape.mint ?? ((random: Random) => drawn(shape.pattern, random))
  return { ...fields, checkKind, mint, examples: lazyExamples(shape, mint, near) }
}

function lazyExamples(
  shape: Shape & { anchors: readonly string[] },
  mint: (random: Random) => string,
  near: (() => readonly string[]) | undefined,
): DetectorExamples {
  return {
    get match() {
      return [1, 2, 3].map((seed) => mint(seededRandom(seed)))
    },
    get noMatch() {
      return [...placeholders(shape.pattern), ...(near?.() ?? [])]
    },
  }
}

/** The first character of every class over and over, and the shortest value cut by one character. */
function placeholders(pattern: string): string[] {
  return [sample(pattern, () => 0, true), sample(pattern, seededRandom(4), true).slice(0, -1)]
}
