/**
 * What is done about findings. Every change of state is checked against `response-moves.ts` and written to the audit
 * log here, so that no caller can forget either.
 */
import { type Selectable, sql } from 'kysely'
import { AppError } from '../model/errors.ts'
import type { ResponseMode, ResponseState } from '../model/finding.ts'
import { appendAudit } from './audit.ts'
import { type Db, type Tx, within } from './database.ts'
import { enqueue } from './outbox.ts'
import { isSettled, mayMove } from './response-moves.ts'
import { type GateResult, type Tables, toJson } from './tables.ts'

export type ResponseRow = Selectable<Tables['response']>

export interface NewResponse {
  findingId: string
  issuerId: string | null
  mode: ResponseMode
  state: 'planned' | 'awaiting_approval' | 'executing' | 'observed'
  reason: string
  gates: readonly GateResult[]
  /** HMAC of finding, lane and occasion: the same response is never made twice. */
  idempotencyKey: string
  /** `policy`, or the actor that asked. */
  requestedBy: string
  lane?: string
}

/** Null when this response, or another live one of the finding and lane, is there already. */
export async function createResponse(tx: Tx, response: NewResponse): Promise<ResponseRow | null> {
  const row = await tx
    .insertInto('response')
    .values({
      ...response,
      gates: toJson(response.gates),
      completedAt: isSettled(response.state) ? sql<Date>`now()` : null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!row) return null
  await appendAudit(tx, {
    actor: response.requestedBy,
    action: `response.${response.state}`,
    subjectType: 'response',
    subjectId: row.id,
    detail: {
      finding: row.findingId,
      mode: row.mode,
      reason: row.reason,
      gates: response.gates.filter((gate) => !gate.passed).map((gate) => gate.gate),
    },
  })
  return row
}

export interface ResponseMove {
  id: string
  to: ResponseState
  actor: string
  reason?: string
  /** What the issuer said, from a closed list. */
  outcome?: string
  /** Who approved or rejected. */
  decidedBy?: string
  /** Facts for the audit event. */
  detail?: Record<string, unknown>
}

/** Moves a response. `AppError`: not_found, or conflict when the move is not allowed from where it is. */
export async function moveResponse(db: Db | Tx, move: ResponseMove): Promise<ResponseRow> {
  return within(db, async (tx) => {
    const before = await lockResponse(tx, move.id)
    if (!mayMove(before.state, move.to)) {
      throw new AppError(
        'conflict',
        `the response "${move.id}" is ${before.state}, it cannot become ${move.to}`,
      )
    }
    const row = await tx
      .updateTable('response')
      .set({
        state: move.to,
        updatedAt: sql<Date>`now()`,
        completedAt: isSettled(move.to) ? sql<Date>`now()` : null,
        claimedUntil: null,
        ...(move.reason === undefined ? {} : { reason: move.reason }),
        ...(move.outcome === undefined ? {} : { outcome: move.outcome }),
        ...(move.decidedBy === undefined ? {} : { decidedBy: move.decidedBy }),
      })
      .where('id', '=', move.id)
      .returningAll()
      .executeTakeFirstOrThrow()
    await appendAudit(tx, {
      actor: move.actor,
      action: `response.${move.to}`,
      subjectType: 'response',
      subjectId: move.id,
      detail: {
        finding: row.findingId,
        from: before.state,
        ...(move.reason === undefined ? {} : { reason: move.reason }),
        ...(move.outcome === undefined ? {} : { outcome: move.outcome }),
        ...move.detail,
      },
    })
    return row
  })
}

/** `awaiting_approval` to `executing`. `AppError` (forbidden) when the person who asked is the one who approves. */
export async function approveResponse(
  tx: Tx,
  id: string,
  actor: string,
  reason: string,
): Promise<ResponseRow> {
  const before = await lockResponse(tx, id)
  // One that failed may go out again too, but by its delivery (`redeliver`).
  if (before.state !== 'awaiting_approval') {
    throw new AppError('conflict', `the response "${id}" is ${before.state}, it does not wait for approval`)
  }
  if (before.requestedBy === actor) {
    throw new AppError('forbidden', 'a response must be approved by somebody other than who asked for it')
  }
  return moveResponse(tx, { id, to: 'executing', actor, decidedBy: actor, reason })
}

export async function rejectResponse(
  tx: Tx,
  id: string,
  actor: string,
  reason: string,
): Promise<ResponseRow> {
  return moveResponse(tx, { id, to: 'rejected', actor, decidedBy: actor, reason })
}

export async function getResponse(db: Db | Tx, id: string): Promise<ResponseRow | null> {
  const row = await db.selectFrom('response').selectAll().where('id', '=', id).executeTakeFirst()
  return row ?? null
}

/** Newest first. */
export async function responsesOf(db: Db | Tx, findingId: string): Promise<ResponseRow[]> {
  return db
    .selectFrom('response')
    .selectAll()
    .where('findingId', '=', findingId)
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .execute()
}

/** Responses of this issuer that policy, not a person, let out in the last `seconds`: what the hourly cap counts. */
export async function countAutomatic(tx: Db | Tx, issuerId: string, seconds: number): Promise<number> {
  const row = await tx
    .selectFrom('response')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('issuerId', '=', issuerId)
    .where('mode', '=', 'auto')
    .where('decidedBy', 'is', null)
    .where('state', 'in', ['executing', 'submitted', 'confirmed', 'failed', 'reversed'])
    .where('createdAt', '>', sql<Date>`now() - make_interval(secs => ${seconds})`)
    .executeTakeFirstOrThrow()
  return Number(row.count)
}

/** Has a submitted response looked up at its issuer at `at`. */
export async function scheduleConfirm(tx: Db | Tx, id: string, at: Date): Promise<void> {
  await within(tx, async (inner) => {
    const row = await inner
      .updateTable('response')
      .set({ nextConfirmAt: at, claimedUntil: null })
      .where('id', '=', id)
      .where('state', '=', 'submitted')
      .returning('id')
      .executeTakeFirst()
    if (row) await enqueue(inner, 'confirm', { responseId: id }, at)
  })
}

/** Ends the look-ups of a response that stays `submitted`. */
export async function stopConfirms(tx: Db | Tx, id: string): Promise<void> {
  await tx
    .updateTable('response')
    .set({ nextConfirmAt: null, claimedUntil: null })
    .where('id', '=', id)
    .execute()
}

/** The response whose look-up is due, claimed for `leaseMilliseconds`; null when it is not, or another has it. */
export async function claimConfirm(
  db: Db,
  id: string,
  leaseMilliseconds: number,
): Promise<ResponseRow | null> {
  const row = await db
    .updateTable('response')
    .set({
      confirmAttempts: sql<number>`confirm_attempts + 1`,
      claimedUntil: sql<Date>`now() + make_interval(secs => ${leaseMilliseconds / 1000})`,
    })
    .where('id', '=', id)
    .where('state', '=', 'submitted')
    .where('nextConfirmAt', '<=', sql<Date>`now()`)
    .where((eb) => eb.or([eb('claimedUntil', 'is', null), eb('claimedUntil', '<', sql<Date>`now()`)]))
    .returningAll()
    .executeTakeFirst()
  return row ?? null
}

/** Notes that the owners to be told of this finding's confirmed responses were chosen. */
export async function markNoticed(tx: Db | Tx, findingId: string): Promise<void> {
  await tx
    .updateTable('response')
    .set({ noticedAt: sql<Date>`now()` })
    .where('findingId', '=', findingId)
    .where('noticedAt', 'is', null)
    .execute()
}

async function lockResponse(tx: Tx, id: string): Promise<ResponseRow> {
  const row = await tx.selectFrom('response').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw new AppError('not_found', `there is no response "${id}"`)
  return row
}
