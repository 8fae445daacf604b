/**
 * Issuers: who can disable a kind of credential, and how it is told. An endpoint counts as proven until it changes;
 * then it has to answer a synthetic delivery again before a live credential goes there.
 */
import { type Selectable, sql } from 'kysely'
import { AppError } from '../model/errors.ts'
import { appendAudit } from './audit.ts'
import { type Db, type Tx, within } from './database.ts'
import { type Tables, toJson } from './tables.ts'

export type IssuerRow = Selectable<Tables['issuer']>

export interface IssuerFields {
  name: string
  endpoint: string | null
  statusEndpoint: string | null
  headerPrefix: string
  dialect: IssuerRow['dialect']
  mode: IssuerRow['mode']
  revokesOnReceipt: boolean
  /** PEM, trusted for this issuer alone. */
  certificateAuthority: string | null
  /** Detector id to the type name the issuer registered. */
  types: Record<string, string>
  hourlyCap: number
}

export type NewIssuer = Partial<IssuerFields> & { slug: string; name: string }

/** `AppError` (conflict) when the slug is taken. Columns left out get their safe defaults: mode `approve`. */
export async function createIssuer(
  db: Db | Tx,
  issuer: NewIssuer,
  actor: string,
  reason?: string,
): Promise<IssuerRow> {
  return within(db, async (tx) => {
    const { types, ...fields } = issuer
    const row = await tx
      .insertInto('issuer')
      .values({ ...fields, ...(types ? { types: toJson(types) } : {}) })
      .onConflict((conflict) => conflict.column('slug').doNothing())
      .returningAll()
      .executeTakeFirst()
    if (!row) throw new AppError('conflict', `an issuer "${issuer.slug}" is there already`)
    await audit(tx, 'issuer.created', row, actor, reason)
    return row
  })
}

/** The changed row; null when there is none. A new endpoint or authority takes the proof away. */
export async function updateIssuer(
  db: Db | Tx,
  id: string,
  changes: Partial<IssuerFields> & { disabled?: boolean },
  actor: string,
  reason?: string,
): Promise<IssuerRow | null> {
  return within(db, async (tx) => {
    const before = await tx
      .selectFrom('issuer')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!before) return null
    const { types, disabled, ...fields } = changes
    const moved =
      (fields.endpoint !== undefined && fields.endpoint !== before.endpoint) ||
      (fields.certificateAuthority !== undefined &&
        fields.certificateAuthority !== before.certificateAuthority)
    const row = await tx
      .updateTable('issuer')
      .set({
        ...fields,
        ...(types ? { types: toJson(types) } : {}),
        ...(disabled === undefined
          ? {}
          : { disabledAt: disabled ? sql<Date>`coalesce(disabled_at, now())` : null }),
        ...(moved ? { provenAt: null } : {}),
        updatedAt: sql<Date>`now()`,
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    await audit(tx, 'issuer.updated', row, actor, reason)
    return row
  })
}

/**
 * Notes that `endpoint` answered a synthetic delivery. False: it is no longer this issuer's endpoint, or no longer
 * trusted under `authority`, where that is given.
 */
export async function setIssuerProven(
  db: Db | Tx,
  id: string,
  endpoint: string,
  actor: string,
  authority?: string | null,
): Promise<boolean> {
  return within(db, async (tx) => {
    const row = await tx
      .updateTable('issuer')
      .set({ provenAt: sql<Date>`now()`, updatedAt: sql<Date>`now()` })
      .where('id', '=', id)
      .where('endpoint', '=', endpoint)
      .$if(authority !== undefined, (query) =>
        query.where(sql<boolean>`certificate_authority is not distinct from ${authority ?? null}`),
      )
      .returningAll()
      .executeTakeFirst()
    if (!row) return false
    await audit(tx, 'issuer.proven', row, actor)
    return true
  })
}

export async function getIssuer(db: Db | Tx, id: string): Promise<IssuerRow | null> {
  const row = await db.selectFrom('issuer').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

/** The issuer that registered this detector's type, the oldest where several did; disabled ones too. */
export async function issuerOfDetector(db: Db | Tx, detector: string): Promise<IssuerRow | null> {
  const row = await db
    .selectFrom('issuer')
    .selectAll()
    .where(sql<boolean>`jsonb_exists(types, ${detector})`)
    .orderBy('createdAt')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** Makes planners of this issuer take turns until they commit, so that two cannot both see the last place under its cap. */
export async function lockIssuer(tx: Tx, id: string): Promise<void> {
  await tx.selectFrom('issuer').select('id').where('id', '=', id).forNoKeyUpdate().execute()
}

async function audit(tx: Tx, action: string, row: IssuerRow, actor: string, reason?: string): Promise<void> {
  await appendAudit(tx, {
    actor,
    action,
    subjectType: 'issuer',
    subjectId: row.id,
    detail: {
      slug: row.slug,
      mode: row.mode,
      endpoint: row.endpoint,
      hourly_cap: row.hourlyCap,
      disabled: row.disabledAt !== null,
      ...(reason === undefined ? {} : { reason }),
    },
  })
}
