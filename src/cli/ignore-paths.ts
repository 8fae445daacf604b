/**
 * Patterns of paths as `.gitignore` reads them (gitignore(5)): without a slash inside at any depth, else from the root;
 * a slash at the end is for folders only; `!` takes a later pattern back; what lies in an ignored folder stays ignored.
 * Matched by hand in polynomial time, as paths come from strangers.
 */
import { nameMatcher } from './exclude.ts'

export interface PathPattern {
  /** `!`: what matches is scanned after all. */
  negated: boolean
  /** Whether the path of these names is what the pattern names; not what lies below it. */
  matches(names: readonly string[], isFolder: boolean): boolean
}

/** Null where the text names nothing. */
export function pathPattern(text: string): PathPattern | null {
  const negated = text.startsWith('!')
  const glob = (negated ? text.slice(1) : text).replace(/^\\(?=[!#])/, '')
  const onlyFolders = glob.endsWith('/')
  const parts = glob.split('/').filter((part) => part !== '')
  const rooted = glob.replace(/\/+$/, '').includes('/')
  const last = parts.at(-1)
  if (last === undefined) return null
  if (!rooted) {
    const matchesLast = last === '**' ? () => true : nameMatcher(last)
    return {
      negated,
      matches: (names, isFolder) => (isFolder || !onlyFolders) && matchesLast(names.at(-1) ?? ''),
    }
  }
  // `a/**` is what lies in `a`, not `a` itself.
  const steps = (last === '**' ? [...parts, '*'] : parts).map((part) =>
    part === '**' ? null : nameMatcher(part),
  )
  return { negated, matches: (names, isFolder) => (isFolder || !onlyFolders) && isWhole(steps, names) }
}

/** @param steps null for any number of names */
function isWhole(steps: readonly (((name: string) => boolean) | null)[], names: readonly string[]): boolean {
  // Positions in `names` that the steps so far can have reached.
  let reached = new Set([0])
  for (const step of steps) {
    const next = new Set<number>()
    for (const position of reached) {
      if (step === null) for (let at = position; at <= names.length; at += 1) next.add(at)
      else if (position < names.length && step(names[position] ?? '')) next.add(position + 1)
    }
    reached = next
  }
  return reached.has(names.length)
}

/**
 * The pattern that decides about a path, or null where none matches. Folders are asked about first: what lies in an
 * ignored one is ignored.
 * @param path with `/` between its names, from the root of the patterns
 */
export function decidingPattern<P extends { pattern: PathPattern }>(
  patterns: readonly P[],
  path: string,
): P | null {
  const names = path.split('/').filter((name) => name !== '' && name !== '.')
  for (let end = 1; end <= names.length; end += 1) {
    const isFolder = end < names.length
    const found = patterns.findLast(({ pattern }) => pattern.matches(names.slice(0, end), isFolder))
    if (found !== undefined && (!isFolder || !found.pattern.negated)) return found
  }
  return null
}
