/**
 * How a code search with more than 1,000 results is cut into ones with fewer. First by file size, in halves on
 * a logarithmic scale since most files are small; a single size that is still too large by place and language,
 * each cut into "with" and "without", so that no file falls between two slices. Pure.
 */
import type { ListingTask } from '../../model/target.ts'

export type SearchSlice = Extract<ListingTask, { kind: 'github-search-slice' }>

/** Bytes; GitHub does not index larger files (docs.github.com: "considerations for code search"). */
const largestIndexed = 384 * 1024

/** Common in code and configuration; what is in none of them is the rest that remains. */
const languages = ['javascript', 'python', 'json', 'yaml', 'java', 'go', 'php', 'ruby', 'typescript', 'shell']
/** `path:/` is the files of the top folder. */
const cuts = ['path:/', ...languages.map((language) => `language:${language}`)]

/** The query as GitHub gets it. */
export function sliceQuery(slice: SearchSlice): string {
  if (slice.minSize === 0 && slice.maxSize === null) return slice.query
  if (slice.maxSize === null) return `${slice.query} size:>=${slice.minSize}`
  return `${slice.query} size:${slice.minSize}..${slice.maxSize}`
}

/** Two slices that together hold what this one holds, or null where no cut is left. */
export function splitSlice(slice: SearchSlice): [SearchSlice, SearchSlice] | null {
  const top = slice.maxSize ?? largestIndexed
  if (slice.minSize < top && !hasQualifier(slice.query, 'size')) {
    const middle = middleOf(slice.minSize, top)
    return [
      { ...slice, maxSize: middle },
      { ...slice, minSize: middle + 1 },
    ]
  }
  const cut = nextCut(slice.query)
  if (cut === undefined) return null
  return [
    { ...slice, query: `${slice.query} ${cut}` },
    { ...slice, query: `${slice.query} -${cut}` },
  ]
}

/** In [low, high), nearer to `low` the farther they are apart. */
function middleOf(low: number, high: number): number {
  const middle = Math.floor(Math.sqrt((low + 1) * (high + 1))) - 1
  return Math.min(Math.max(middle, low), high - 1)
}

function nextCut(query: string): string | undefined {
  const words = new Set(query.split(/\s+/))
  return cuts.find((cut) => {
    if (words.has(cut) || words.has(`-${cut}`)) return false
    // A file has one language and stands in one place: a second qualifier of a kind finds nothing.
    const kind = cut.slice(0, cut.indexOf(':'))
    return !hasQualifier(query, kind)
  })
}

/** Is there a positive `kind:` in the query, be it a person's or a cut of ours? */
function hasQualifier(query: string, kind: string): boolean {
  return new RegExp(`(?:^|\\s)${kind}:`).test(query)
}
