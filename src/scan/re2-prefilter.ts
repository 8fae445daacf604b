/**
 * The prefilter that runs everywhere, in RE2 (about 0.5 GB/s a pass): an alternation of the anchors, runs of token
 * characters that hold a digit, and text that could be encoded text. It lets more through than the gate does.
 */
import { escapeLengths } from './boundary.ts'
import { runLength } from './gate-plan.ts'
import { beginsAs } from './pattern-head.ts'
import { type AnchoredPattern, anchoredPattern, type Finder, finder, literal } from './patterns.ts'
import type { Prefilter, Wanted } from './prefilter.ts'

const token = 'A-Za-z0-9_+/'
const newline = 0x0a

/** Runs of at least 16, spelled by where their first digit stands, since RE2 cannot ask for both at once. */
function runPattern(): string {
  const early = Array.from(
    { length: runLength },
    (_, i) => `[A-Za-z_+/-]{${i}}[0-9][${token}-]{${runLength - 1 - i},}`,
  )
  return `${early.join('|')}|[A-Za-z_+/-]{${runLength},}[0-9][${token}-]*`
}

/**
 * Base64 of ASCII text shows in single groups: the top bit of each of three bytes is zero, which leaves half of the
 * alphabet in the first three places. Words pass a group once in seven; five groups in a row hardly ever. Four of
 * them must stand in one piece.
 */
const quad = `[A-Za-f][A-HQ-Xg-nw-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][${token}-]`
const wrapped = String.raw`(?:(?:\r?\n[ \t]{0,16}|\\n)?${quad})`
const encodedPatterns = [
  `(?:${quad}){4}${wrapped}+(?:[${token}-]{2,4}={0,2})?`,
  '(?:[2-7][0-9A-Fa-f]|0[9AaDd]){16,}',
  '%[2-7][0-9A-Fa-f]',
  String.raw`\\(?:u00|x)[2-7][0-9A-Fa-f]`,
  String.raw`(?:[\t\n\r -~]\x00){12,}`,
  String.raw`(?:\x00[\t\n\r -~]){12,}`,
]

/** The fall-back that runs everywhere. */
export function createRe2Prefilter({ compiled, plan }: Wanted): Prefilter {
  const byText = new Map(plan.anchors.map((anchor) => [anchor.text, anchor]))
  const lengths = [...new Set(plan.anchors.map(({ text }) => text.length))]
  const texts = [...byText.keys()].sort()
  const anchors = texts.length > 0 ? finder(texts.map(literal).join('|')) : null
  const runs = plan.values.length > 0 ? finder(runPattern()) : null
  const encoded = finder(encodedPatterns.join('|'))
  const base64 = anchoredPattern(encodedPatterns[0] ?? '')

  function* atAnchor(bytes: Buffer, at: number): Generator<number> {
    for (const length of lengths) {
      const anchor = byText.get(bytes.toString('latin1', at, at + length))
      for (const { number, back } of anchor?.uses ?? []) if (at >= back) yield* [at - back, number]
    }
  }

  function* atRun(bytes: Buffer, start: number): Generator<number> {
    for (const at of [start, ...escapeLengths(bytes, start).map((length) => start + length)]) {
      for (const { number } of plan.values) {
        const one = compiled[number]
        if (one && beginsAs(one.head, bytes, at)) yield* [at, number]
      }
    }
  }

  let last: Buffer = Buffer.alloc(0)

  return {
    candidates(bytes) {
      last = bytes
      const finds: number[] = []
      if (anchors) for (const at of positions(anchors, bytes)) finds.push(...atAnchor(bytes, at))
      if (runs) {
        const met = spans(runs, bytes)
        for (let i = 0; i < met.length; i += 2) finds.push(...atRun(bytes, met[i] ?? 0))
      }
      return { finds, encoded: aligned(bytes, spans(encoded, bytes), base64) }
    },
    lend: () => null,
    countLines(start, end) {
      let count = 0
      for (let at = last.indexOf(newline, start); at >= 0 && at < end; at = last.indexOf(newline, at + 1))
        count++
      return count
    },
  }
}

/** Characters before base64 may pass for the beginning of it: of four places one is right. */
function aligned(bytes: Buffer, stretches: readonly number[], base64: AnchoredPattern): number[] {
  const all: number[] = []
  for (let i = 0; i < stretches.length; i += 2) {
    const start = stretches[i] ?? 0
    const end = stretches[i + 1] ?? start
    const isBase64 = /^[A-Za-f]/.test(bytes.toString('latin1', start, start + 1)) && bytes[start + 1] !== 0
    for (let skip = 0; skip < (isBase64 ? 4 : 1); skip++) {
      // What passed for its beginning may end where the encoded text does not.
      const own = skip > 0 ? base64.matchAt(bytes, start + skip)?.end : undefined
      all.push(start + skip, Math.max(end, own ?? 0))
    }
  }
  return all
}

/** Anchors may overlap, so the search goes on one byte after each. */
function positions(anchors: Finder, bytes: Buffer): number[] {
  const found: number[] = []
  for (let next = anchors.find(bytes, 0); next; next = anchors.find(bytes, next.start + 1))
    found.push(next.start)
  return found
}

function spans(search: Finder, bytes: Buffer): number[] {
  const found: number[] = []
  for (let next = search.find(bytes, 0); next; next = search.find(bytes, next.end))
    found.push(next.start, next.end)
  return found
}
