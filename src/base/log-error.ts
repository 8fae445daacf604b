/**
 * What a log line says of an error: type, message, stack, code and the causes. Libraries hang much more on theirs
 * (PostgreSQL the row it refused, GitHub's client the request and the answer, HTTP clients raw bytes), and that may
 * hold what was scanned; so fields are taken by name and the rest is left.
 */

interface LoggedError {
  type: string
  message: string
  stack: string | undefined
  [field: string]: unknown
}

/** Fields that name something of ours or of a closed list; kept where they are short. */
const kept = ['code', 'status', 'errno', 'syscall', 'severity', 'constraint', 'table', 'column'] as const
const short = /^[\w.$ -]{1,80}$/

/** Deeper causes are left out. */
const maxDepth = 5

export function describeError(error: Error, depth = 0): LoggedError {
  const described: LoggedError = { type: error.name, message: error.message, stack: error.stack }
  const fields = error as unknown as Record<string, unknown>
  for (const name of kept) {
    const value = fields[name]
    if (typeof value === 'number' || (typeof value === 'string' && short.test(value))) described[name] = value
  }
  if (depth === maxDepth) return described
  if (error.cause instanceof Error) described['cause'] = describeError(error.cause, depth + 1)
  if (error instanceof AggregateError) {
    const errors = (error.errors as unknown[]).filter((each): each is Error => each instanceof Error)
    described['errors'] = errors.slice(0, 5).map((each) => describeError(each, depth + 1))
  }
  return described
}
