/**
 * The one kind of connection pool for everybody, BullMQ included. It cleans parameters (`clean-parameter.ts`) and
 * renames connection errors (`connection-error.ts`) underneath every query, whichever library sends it.
 */
import pg from 'pg'
import type { Log } from '../base/log.ts'
import { cleanParameter } from './clean-parameter.ts'
import { asConnectionError } from './connection-error.ts'

export interface PoolSettings {
  /** A `postgres://` URL; the fields below win over its parts. */
  connectionString?: string
  /** A host name, or the folder of a Unix socket. */
  host?: string
  port?: number
  user?: string
  password?: string
  database?: string
  /** Connections at most; default 10. A BullMQ worker holds one for LISTEN. */
  max?: number
  /** `search_path`; BullMQ ignores its own `schema` option for a given pool. */
  searchPath?: string
  applicationName?: string
}

type Callback = (error: unknown, ...rest: unknown[]) => void
type AnyFunction = (...args: unknown[]) => unknown

class GuardedClient extends pg.Client {
  /** All of pg's call shapes: (text | config, values?, callback?); a config with `submit` is a cursor or a stream. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the overloads of pg cannot be restated
  override query(...args: any[]): any {
    const [first, ...rest] = args as [unknown, ...unknown[]]
    if (typeof first === 'object' && first !== null && 'submit' in first) {
      return (super.query as AnyFunction).call(this, ...args)
    }
    const call = [cleanConfig(first), ...rest].map((part) => {
      if (Array.isArray(part)) return part.map(cleanParameter)
      if (typeof part === 'function') return renaming(part as Callback)
      return part
    })
    const result = (super.query as AnyFunction).call(this, ...call)
    if (!(result instanceof Promise)) return result
    return result.catch((error: unknown) => {
      throw asConnectionError(error)
    })
  }
}

class GuardedPool extends pg.Pool {
  // oxlint-disable-next-line typescript/no-explicit-any -- the overloads of pg cannot be restated
  override connect(callback?: any): any {
    if (callback) return super.connect(renaming(callback as Callback))
    return super.connect().catch((error: unknown) => {
      throw asConnectionError(error)
    })
  }
}

function cleanConfig(first: unknown): unknown {
  if (typeof first !== 'object' || first === null || !('values' in first) || !Array.isArray(first.values)) {
    return first
  }
  return { ...first, values: first.values.map(cleanParameter) }
}

function renaming(callback: Callback): AnyFunction {
  return (error: unknown, ...rest: unknown[]) => callback(error ? asConnectionError(error) : error, ...rest)
}

/**
 * Errors of idle connections (the server went away) are logged at `warn`: the pool replaces such connections, and
 * without a listener they would end the process.
 */
export function createPool(settings: PoolSettings, log?: Log): pg.Pool {
  const { searchPath, applicationName, ...connection } = settings
  const pool = new GuardedPool({
    ...connection,
    max: settings.max ?? 10,
    connectionTimeoutMillis: 30_000,
    application_name: applicationName ?? 'keyrecall',
    ...(searchPath === undefined ? {} : { options: `-c search_path=${searchPath}` }),
    Client: GuardedClient,
  })
  // Each worker and queue of BullMQ listens on the shared pool.
  pool.setMaxListeners(0)
  // A client that is lent out has no listener of the pool's: the error also fails its next query, so that is enough.
  pool.on('connect', (client) => client.on('error', () => undefined))
  pool.on('error', (error) => log?.warn({ err: error }, 'idle database connection lost'))
  return pool
}
