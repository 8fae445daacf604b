/**
 * `--exclude GLOB`: which paths are left out. A glob without a slash matches a name at any depth, one with a slash a
 * run of names from any folder on (from the root where it begins with one); a match on a folder takes all below it.
 * Matched by hand in polynomial time: paths come from strangers, so no backtracking regular expression sees them.
 */
import { AppError } from '../model/errors.ts'

const mostAlternatives = 64

/**
 * A test for paths with `/` between their names.
 * Braces that do not close stand for themselves.
 * @throws AppError `usage` for a glob that is empty or stands for too many
 */
export function excluder(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.flatMap(expandBraces).map((glob) => {
    const trimmed = glob.replace(/\/+$/, '')
    if (trimmed === '') throw new AppError('usage', '--exclude needs a glob that names something')
    const rooted = trimmed.startsWith('/')
    return {
      rooted,
      names: trimmed
        .split('/')
        .filter((name) => name !== '' && name !== '.')
        .map(partOf),
    }
  })
  if (patterns.length === 0) return () => false
  return (path) => {
    const names = path.split('/').filter((name) => name !== '' && name !== '.')
    return patterns.some((pattern) => {
      const starts = pattern.rooted ? 1 : names.length
      for (let start = 0; start < starts; start += 1) {
        if (matchesFrom(pattern.names, names, start)) return true
      }
      return false
    })
  }
}

/** What one name of a path is tested by; `**` stands for any number of names. */
type Part = '**' | ((name: string) => boolean)

function partOf(pattern: string): Part {
  return pattern === '**' ? '**' : nameMatcher(pattern)
}

/** Whether the whole pattern is used up by names from `start` on; names may be left over (all below a folder). */
function matchesFrom(pattern: readonly Part[], names: readonly string[], start: number): boolean {
  // Positions in `names` that the pattern so far can have reached.
  let reached = new Set([start])
  for (const part of pattern) {
    const next = new Set<number>()
    for (const position of reached) {
      if (part === '**') {
        for (let at = position; at <= names.length; at += 1) next.add(at)
      } else if (position < names.length && part(names[position] ?? '')) {
        next.add(position + 1)
      }
    }
    reached = next
  }
  return [...reached].some((position) => position > start)
}

/** `*` any run, `?` one character, `[a-z]` and `[!a-z]` one of a set; all else stands for itself. */
export function nameMatcher(pattern: string): (name: string) => boolean {
  const tokens = tokenize(pattern)
  return (name) => matchesName(tokens, name)
}

function matchesName(tokens: readonly Token[], name: string): boolean {
  const characters = Array.from(name)
  let token = 0
  let at = 0
  let star = -1
  let mark = 0
  while (at < characters.length) {
    const current = tokens[token]
    if (current === '*') {
      star = token
      mark = at
      token += 1
    } else if (typeof current === 'function' && current(characters[at] ?? '')) {
      token += 1
      at += 1
    } else if (star >= 0) {
      // The last star takes one character more; earlier stars never need to be tried again.
      mark += 1
      at = mark
      token = star + 1
    } else {
      return false
    }
  }
  return tokens.slice(token).every((left) => left === '*')
}

type Token = '*' | ((character: string) => boolean)

function tokenize(pattern: string): Token[] {
  const tokens: Token[] = []
  for (const [part] of pattern.matchAll(/\[[!^]?\]?[^\]]*\]|\\?[^]/gu)) {
    if (part === '*') tokens.push('*')
    else if (part === '?') tokens.push(() => true)
    else if (part.length > 2 && part.startsWith('[')) tokens.push(characterSet(part.slice(1, -1)))
    else {
      const literal = part.length > 1 && part.startsWith('\\') ? part.slice(1) : part
      tokens.push((character) => character === literal)
    }
  }
  return tokens
}

function characterSet(body: string): (character: string) => boolean {
  const negated = /^[!^]/.test(body)
  const ranges = [...body.slice(negated ? 1 : 0).matchAll(/([^])-([^])|([^])/gu)].map(
    ([, from, to, single]) => [from ?? single ?? '', to ?? single ?? ''] as const,
  )
  return (character) => ranges.some(([from, to]) => character >= from && character <= to) !== negated
}

/** `*.{png,jpg}` as `*.png` and `*.jpg`. */
function expandBraces(glob: string): string[] {
  let open = [glob]
  for (;;) {
    const expanded = open.flatMap((one) => {
      const braces = /^([^]*?)\{([^{}]*)\}([^]*)$/.exec(one)
      if (braces === null) return [one]
      const [, before = '', inside = '', after = ''] = braces
      return inside.split(',').map((alternative) => `${before}${alternative}${after}`)
    })
    if (expanded.length > mostAlternatives) {
      throw new AppError(
        'usage',
        `--exclude ${JSON.stringify(glob)} stands for too many globs; write fewer braces`,
      )
    }
    if (expanded.length === open.length && expanded.every((one, index) => one === open[index])) return open
    open = expanded
  }
}
