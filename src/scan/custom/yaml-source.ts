/**
 * A YAML file read into plain data, with the line and column of everything in it. Aliases are counted out to a limit,
 * since ten lines of them can stand for more data than there is memory.
 */
import { isAlias, isCollection, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import { AppError } from '../../model/errors.ts'

/** How often nodes may be repeated by aliases in one file, counted out. */
const mostAliases = 200

export interface YamlSource {
  data: unknown
  /** `line:column` of what stands at `path`, or of what holds it; both from 1. With `key`: of that key in it. */
  position(path: readonly PropertyKey[], key?: string): string
}

/** @throws AppError (config) with every problem, one a line */
export function readYaml(name: string, text: string): YamlSource {
  const lines = new LineCounter()
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${Math.max(1, line)}:${Math.max(1, col)}`
  }
  const document = guarded(name, () =>
    parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2', logLevel: 'error' }),
  )
  if (document.errors.length > 0) {
    const told = document.errors
      .slice(0, 5)
      .map(({ pos, message }) => `${name}:${place(pos[0])}: ${plainly(message)}`)
    throw new AppError('config', told.join('\n'), { cause: document.errors[0] })
  }
  const data: unknown = guarded(name, () => document.toJS({ maxAliasCount: mostAliases }))
  return {
    data,
    position(path, key) {
      let node: unknown = document.contents
      for (const step of path) {
        const next = childOf(resolved(node), step)
        if (next === undefined) break
        node = next
      }
      const holder = resolved(node)
      const pair =
        key !== undefined && isMap(holder)
          ? holder.items.find((item) => keyText(item.key) === key)
          : undefined
      const found = pair?.key ?? node
      return place(isNode(found) ? (found.range?.[0] ?? 0) : 0)
    },
  }

  function resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(document) : node
  }
}

function childOf(node: unknown, step: PropertyKey): unknown {
  return isCollection(node)
    ? (node.get(typeof step === 'symbol' ? String(step) : step, true) ?? undefined)
    : undefined
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key)
}

/** The parser goes deep on deep input, and counts aliases: both end in errors of its own. */
function guarded<T>(name: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    const why =
      error instanceof ReferenceError
        ? `its aliases (*name) stand for too much data (more than ${mostAliases} repetitions); write it out`
        : 'it is nested too deep'
    throw new AppError('config', `${name}:1:1: ${why}`, { cause: error })
  }
}

/** The commonest mistake gets a hint: patterns are full of signs that mean something in YAML. */
function plainly(message: string): string {
  const first = message.split('\n')[0] ?? message
  const quoting = /flow|collection|escape|indicator|quote|implicit/i.test(first)
  return quoting ? `${first} (put patterns and examples in single quotes: '…')` : first
}
