/**
 * Globs for leaving files out, with the reading people know from `.gitignore`: a pattern without a slash is held
 * against the last part of a path at any depth, one with a slash against the whole path below the target.
 * `*` and `?` stop at slashes, `**` does not; `[…]` and `{a,b}` work as in a shell. Folders that match are left
 * out with all they hold.
 */
import { AppError } from '../../model/errors.ts'

/** Whether to leave a path out. `path` is relative to the target, with `/` between parts. */
export type Excludes = (path: string) => boolean

/** Throws `AppError` `usage` for a pattern that cannot be read. */
export function compileExcludes(globs: readonly string[]): Excludes {
  const patterns = globs.map((glob) => ({ whole: isAnchored(glob), pattern: compileGlob(glob) }))
  return (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1)
    return patterns.some(({ whole, pattern }) => pattern.test(whole ? path : name))
  }
}

/** A slash at the end only says that a folder is meant. */
function isAnchored(glob: string): boolean {
  return glob.replace(/\/+$/, '').includes('/')
}

function compileGlob(glob: string): RegExp {
  const text = glob.replace(/^\.?\//, '').replace(/\/+$/, '')
  let source = ''
  let open = 0
  for (let at = 0; at < text.length; at++) {
    const rest = text.slice(at)
    const char = text[at] ?? ''
    const stars = /^\*+/.exec(rest)?.[0].length ?? 0
    const set = /^\[(!?)(\]?[^\]]*)\]/.exec(rest)
    if (stars > 1 && text[at + stars] === '/') {
      // `**/` also stands for no folder at all.
      source += '(?:.*/)?'
      at += stars
    } else if (stars > 0) {
      source += stars > 1 ? '.*' : '[^/]*'
      at += stars - 1
    } else if (char === '?') source += '[^/]'
    else if (set) {
      source += `[${set[1] === '!' ? '^' : ''}${(set[2] ?? '').replace(/[\\\]^]/g, '\\$&')}]`
      at += set[0].length - 1
    } else if (char === '{' && rest.includes('}')) {
      source += '(?:'
      open += 1
    } else if (char === ',' && open > 0) source += '|'
    else if (char === '}' && open > 0) {
      source += ')'
      open -= 1
    } else if (char === '\\' && at + 1 < text.length) {
      at += 1
      source += escaped(text[at] ?? '')
    } else source += escaped(char)
  }
  try {
    return new RegExp(`^(?:${source})$`, 's')
  } catch (error) {
    throw new AppError('usage', `this pattern cannot be read: "${glob}"`, { cause: error })
  }
}

function escaped(char: string): string {
  return char.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}
