/**
 * Where it is worth looking, found in passes over all bytes that do not know the detectors one by one. This
 * one is RE2 (about 0.5 GB/s a pass), for machines without SIMD: an alternation of the anchors, runs of token
 * characters that hold a digit, and text that could be encoded text. See `gate.ts` for the fast one.
 */
import { type Finder, finder, literal } from './patterns.ts'

export interface Candidates {
  /** Positions where an anchor begins, ascending; those of `starting` ones may be left out where no token may begin. */
  anchors: ArrayLike<number>
  /** Runs of token characters of 16 and more with a digit: start and end, one after the other. */
  runs: ArrayLike<number>
  /** Stretches that may be encoded text: start and end, one after the other. */
  encoded: ArrayLike<number>
}

export interface Wanted {
  /** Anchors that are of use only where a token may begin: after no word character, or after an escape. */
  starting: readonly string[]
  /** Anchors that may stand anywhere. */
  anywhere: readonly string[]
  runs: boolean
}

export interface Prefilter {
  candidates(bytes: Buffer): Candidates
}

const token = 'A-Za-z0-9_+/'
const run = 16

/** Runs of at least 16, spelled by where their first digit stands, since RE2 cannot ask for both at once. */
function runPattern(): string {
  const early = Array.from({ length: run }, (_, i) => `[A-Za-z_+/-]{${i}}[0-9][${token}-]{${run - 1 - i},}`)
  return `${early.join('|')}|[A-Za-z_+/-]{${run},}[0-9][${token}-]*`
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
export function createRe2Prefilter(wanted: Wanted): Prefilter {
  const texts = [...wanted.starting, ...wanted.anywhere]
  const anchors = texts.length > 0 ? finder(texts.sort().map(literal).join('|')) : null
  const runs = wanted.runs ? finder(runPattern()) : null
  const encoded = finder(encodedPatterns.join('|'))
  return {
    candidates(bytes) {
      return {
        anchors: anchors ? positions(anchors, bytes) : [],
        runs: runs ? spans(runs, bytes) : [],
        encoded: spans(encoded, bytes),
      }
    },
  }
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
