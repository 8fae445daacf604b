/**
 * The append-only log of every change. Each row's hash covers the row and the hash before it, so a changed or
 * missing row shows. Writers take turns from their first event until they commit (the chain has one end), so
 * append last in a transaction; `transact` repeats one that met another the wrong way round.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { cleanText } from './clean-parameter.ts'
import type { Db, Tx } from './database.ts'
import { toJson } from './tables.ts'

export interface AuditEntry {
  /** Who: `token:<id>`, `service`, `issuer:<slug>`. */
  actor: string
  /** What came of it, e.g. `finding.created`, `response.confirmed`. */
  action: string
  subjectType: string
  subjectId: string
  /** Facts, never a secret. */
  detail?: Record<string, unknown>
}

interface ChainedRow {
  seq: string
  at: Date
  actor: string
  action: string
  subjectType: string
  subjectId: string
  detail: unknown
}

export type AuditVerdict =
  | { ok: true; events: number; head: string }
  | { ok: false; brokenAt: string; reason: 'changed' | 'missing' }

const auditLock = 7_205_002
const beginning = Buffer.alloc(32)

export async function appendAudit(tx: Tx, ...entries: AuditEntry[]): Promise<void> {
  if (entries.length === 0) return
  await sql`select pg_advisory_xact_lock(${auditLock})`.execute(tx)
  const last = await tx
    .selectFrom('auditEvent')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  let seq = BigInt(last?.seq ?? 0)
  let previous = last?.hash ?? beginning
  const at = new Date()
  const rows = entries.map((entry) => {
    seq += 1n
    const row = {
      seq: String(seq),
      at,
      actor: cleanText(entry.actor),
      action: entry.action,
      subjectType: entry.subjectType,
      subjectId: cleanText(entry.subjectId),
      detail: cleanValue(entry.detail ?? {}),
    }
    const prevHash = previous
    previous = chainHash(row, prevHash)
    return { ...row, detail: toJson(row.detail), prevHash, hash: previous }
  })
  for (let start = 0; start < rows.length; start += 1000) {
    await tx
      .insertInto('auditEvent')
      .values(rows.slice(start, start + 1000))
      .execute()
  }
}

/** Walks the whole chain, a thousand rows at a time. Rows cut off at the end show only against a kept `head`. */
export async function verifyAudit(db: Db | Tx): Promise<AuditVerdict> {
  let previous: Buffer = beginning
  let seq = 0n
  for (;;) {
    const rows = await db
      .selectFrom('auditEvent')
      .selectAll()
      .where('seq', '>', String(seq))
      .orderBy('seq')
      .limit(1000)
      .execute()
    for (const row of rows) {
      seq += 1n
      if (BigInt(row.seq) !== seq) return { ok: false, brokenAt: String(seq), reason: 'missing' }
      const expected = chainHash(row, previous)
      if (!row.prevHash.equals(previous) || !row.hash.equals(expected)) {
        return { ok: false, brokenAt: row.seq, reason: 'changed' }
      }
      previous = row.hash
    }
    if (rows.length < 1000) return { ok: true, events: Number(seq), head: previous.toString('hex') }
  }
}

/** Events about one subject, or of one action, oldest first. */
export async function listAudit(
  db: Db,
  filter: { subjectType?: string; subjectId?: string; action?: string; after?: string; limit: number },
): Promise<(ChainedRow & { detail: Record<string, unknown> })[]> {
  let query = db
    .selectFrom('auditEvent')
    .select(['seq', 'at', 'actor', 'action', 'subjectType', 'subjectId', 'detail'])
    .orderBy('seq')
    .limit(filter.limit)
  if (filter.subjectType !== undefined) query = query.where('subjectType', '=', filter.subjectType)
  if (filter.subjectId !== undefined) query = query.where('subjectId', '=', filter.subjectId)
  if (filter.action !== undefined) query = query.where('action', '=', filter.action)
  if (filter.after !== undefined) query = query.where('seq', '>', filter.after)
  return query.execute()
}

function chainHash(row: ChainedRow, previous: Buffer): Buffer {
  const text = canonical([
    row.seq,
    row.at.toISOString(),
    row.actor,
    row.action,
    row.subjectType,
    row.subjectId,
    row.detail,
  ])
  return createHash('sha256').update(previous).update(text).digest()
}

/** JSON with sorted keys: jsonb gives them back in an order of its own. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** The value as jsonb will give it back: without undefined, dates as text, no NUL. */
function cleanValue(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'string' ? cleanText(part) : part,
  )
}
