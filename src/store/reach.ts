/**
 * The first contact with a database at the start of a process: what goes wrong here is a matter of settings, so it is
 * said in words that name the setting. The URL is never repeated, it holds a password; host and database are.
 */
import { type Kysely, sql } from 'kysely'
import { AppError } from '../model/errors.ts'
import { isConnectionError } from './connection-error.ts'

/** @throws AppError `unavailable` where nobody answers, `config` where the server refuses us */
export async function reachDatabase<Tables>(db: Kysely<Tables>, connectionString: string): Promise<void> {
  try {
    await sql`select 1`.execute(db)
  } catch (cause) {
    const server = nameOf(connectionString)
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
    const refused = refusals.find(({ codes }) => codes.includes(reason))
    if (refused !== undefined) {
      throw new AppError('config', `${server} ${refused.text}; check DATABASE_URL`, { cause })
    }
    if (!isConnectionError(cause) && !/^E[A-Z]+$/.test(reason)) throw cause
    throw new AppError(
      'unavailable',
      `${server} cannot be reached; check DATABASE_URL and that the server runs`,
      {
        cause,
        retryable: true,
      },
    )
  }
}

/** By SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const refusals = [
  { codes: ['28P01', '28000'], text: 'refuses this user or password' },
  { codes: ['3D000'], text: 'has no database of that name' },
]

function nameOf(connectionString: string): string {
  if (!URL.canParse(connectionString)) return 'the database'
  const { host, pathname } = new URL(connectionString)
  return `the database ${JSON.stringify(`${host}${pathname}`)}`
}
