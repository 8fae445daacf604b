/** Bearer tokens of the API. Only their SHA-256 is kept: they are random and long, so it cannot be guessed back. */
import { type Selectable, sql } from 'kysely'
import { AppError } from '../model/errors.ts'
import { appendAudit } from './audit.ts'
import { type Db, type Tx, within } from './database.ts'
import type { Tables } from './tables.ts'

export type TokenRow = Omit<Selectable<Tables['apiToken']>, 'tokenHash'>

const columns = ['id', 'name', 'scopes', 'createdAt', 'lastUsedAt', 'revokedAt'] as const

export interface NewToken {
  name: string
  tokenHash: Buffer
  scopes: readonly ('read' | 'triage' | 'admin')[]
}

export async function createToken(db: Db | Tx, token: NewToken, actor: string): Promise<TokenRow> {
  return within(db, async (tx) => {
    const row = await tx
      .insertInto('apiToken')
      .values({ ...token, scopes: [...token.scopes] })
      .returning(columns)
      .executeTakeFirstOrThrow()
    await audit(tx, 'token.created', row, actor)
    return row
  })
}

/**
 * Makes the first token of an installation: null when there is one already, also when two processes start at once.
 */
export async function createFirstToken(db: Db, token: NewToken, actor: string): Promise<TokenRow | null> {
  return within(db, async (tx) => {
    await sql`lock table api_token in share row exclusive mode`.execute(tx)
    const present = await tx.selectFrom('apiToken').select('id').limit(1).executeTakeFirst()
    return present ? null : createToken(tx, token, actor)
  })
}

/** The live token with this hash. That it was used is noted once a minute at most, to spare a write a request. */
export async function findToken(db: Db, tokenHash: Buffer): Promise<TokenRow | undefined> {
  const row = await db
    .selectFrom('apiToken')
    .select(columns)
    .where('tokenHash', '=', tokenHash)
    .where('revokedAt', 'is', null)
    .executeTakeFirst()
  if (row && (row.lastUsedAt === null || Date.now() - row.lastUsedAt.getTime() > 60_000)) {
    await db.updateTable('apiToken').set({ lastUsedAt: sql<Date>`now()` }).where('id', '=', row.id).execute()
  }
  return row
}

export async function listTokens(db: Db): Promise<TokenRow[]> {
  return db.selectFrom('apiToken').select(columns).orderBy('createdAt').orderBy('id').execute()
}

/** `AppError` (not_found) when it is not there or was revoked before. */
export async function revokeToken(db: Db | Tx, id: string, actor: string): Promise<void> {
  await within(db, async (tx) => {
    const row = await tx
      .updateTable('apiToken')
      .set({ revokedAt: sql<Date>`now()` })
      .where('id', '=', id)
      .where('revokedAt', 'is', null)
      .returning(columns)
      .executeTakeFirst()
    if (!row) throw new AppError('not_found', `there is no live token "${id}"`)
    await audit(tx, 'token.revoked', row, actor)
  })
}

async function audit(tx: Tx, action: string, row: TokenRow, actor: string): Promise<void> {
  await appendAudit(tx, {
    actor,
    action,
    subjectType: 'token',
    subjectId: row.id,
    detail: { name: row.name, scopes: row.scopes },
  })
}
