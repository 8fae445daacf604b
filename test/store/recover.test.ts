/** A lost queue is rebuilt from the tables: each kind of due row gets one job, and not again at once. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { deriveKeys } from '../../src/base/service-key.ts'
import { recordHits } from '../../src/findings/record.ts'
import { transact } from '../../src/store/database.ts'
import { claimDelivery, createDelivery, recordAttempt } from '../../src/store/deliveries.ts'
import { claimForPlanning } from '../../src/store/findings.ts'
import { createIssuer } from '../../src/store/issuers.ts'
import { claimMail, createMail, mailFailed, mailSent } from '../../src/store/mails.ts'
import { insertNotices, noticesOfMail, readyNotices, takeUp } from '../../src/store/notices.ts'
import { markSent, unsent } from '../../src/store/outbox.ts'
import { purge } from '../../src/store/purge.ts'
import { recover } from '../../src/store/recover.ts'
import { createResponse, markNoticed, moveResponse, scheduleConfirm } from '../../src/store/responses.ts'
import { cancelScan, claimTask, finishTask } from '../../src/store/scans.ts'
import { makeHit, makePlace } from '../support/hit.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { startTestScan } from '../support/scan.ts'

let database: TestDatabase
const keys = deriveKeys(Buffer.alloc(32, 7), 1)
beforeEach(async () => {
  await database?.drop()
  database = await testDatabase()
})
afterAll(() => database.drop())

/** Everything that was enqueued is lost. */
async function loseQueue(): Promise<void> {
  await database.db.deleteFrom('outbox').execute()
}

async function waiting(): Promise<string[]> {
  return (await unsent(database.db, 1000)).map((row) => row.job).sort()
}

async function world() {
  const { db } = database
  const scan = await startTestScan(db)
  const found = [{ hit: makeHit(randomUUID()), places: [makePlace('a')] }]
  const { newFindings } = await recordHits(db, { keys }, { ...scan, found })
  const findingId = newFindings[0] ?? ''
  const issuer = await createIssuer(db, { slug: 'made-up', name: 'Made up' }, 'test')
  const deliveryId = randomUUID()
  const response = await transact(db, async (tx) => {
    await claimForPlanning(tx, findingId)
    const made = await createResponse(tx, {
      findingId,
      issuerId: issuer.id,
      mode: 'auto',
      state: 'executing',
      reason: 'test',
      gates: [],
      idempotencyKey: randomUUID(),
      requestedBy: 'policy',
    })
    await createDelivery(tx, {
      id: deliveryId,
      issuerId: issuer.id,
      responseId: made?.id ?? null,
      kind: 'revoke',
      sealedBody: Buffer.from('sealed'),
      bodySha256: Buffer.alloc(32),
    })
    return made
  })
  return { ...scan, findingId, deliveryId, responseId: response?.id ?? '', taskId: scan.taskIds[0] ?? '' }
}

describe('recovery', () => {
  test('wakes what is due and nothing twice within the time given', async () => {
    await world()
    await loseQueue()

    const first = await recover(database.db, { everySeconds: 60 })
    await markSent(
      database.db,
      (await unsent(database.db, 10)).map((row) => row.id),
    )
    const second = await recover(database.db, { everySeconds: 60 })
    await sql`update outbox set sent_at = now() - interval '2 minutes'`.execute(database.db)
    const third = await recover(database.db, { everySeconds: 60 })

    expect(first).toEqual({ task: 1, deliver: 1 })
    expect(second).toEqual({})
    expect(third).toEqual(first)
  })

  test('leaves alone what still has its job on the way', async () => {
    await world()

    expect(await recover(database.db)).toEqual({})
  })

  test('gives the task of a dead worker to another, but not one that is held or cancelled', async () => {
    const { taskId, scanId } = await world()
    await loseQueue()
    await claimTask(database.db, taskId, 'w1', 60_000)
    const held = await recover(database.db, { everySeconds: 0 })
    await sql`update task set claimed_until = now() - interval '1 second'`.execute(database.db)
    const dead = await recover(database.db, { everySeconds: 0 })
    await loseQueue()
    await cancelScan(database.db, scanId, 'test')

    expect(held['task']).toBeUndefined()
    expect(dead['task']).toBe(1)
    expect((await recover(database.db, { everySeconds: 0 }))['task']).toBeUndefined()
  })

  test('plans findings that nobody planned', async () => {
    const scan = await startTestScan(database.db)
    const found = [{ hit: makeHit('x'), places: [makePlace('a')] }]
    await recordHits(database.db, { keys }, { ...scan, found })
    await loseQueue()

    expect(await recover(database.db)).toMatchObject({ 'plan-response': 1 })
  })

  test('follows a response from delivery to its owner being told', async () => {
    const { db } = database
    const { deliveryId, responseId, findingId, taskId } = await world()
    await claimTask(db, taskId, 'w', 60_000)
    await finishTask(db, { taskId, worker: 'w', childTasks: [], problems: [], stats: {}, state: 'done' })
    const seen: string[][] = []
    const look = async () => {
      await loseQueue()
      await recover(db)
      seen.push(await waiting())
    }

    await claimDelivery(db, deliveryId, 60_000)
    await look()
    await transact(db, async (tx) => {
      await recordAttempt(tx, {
        deliveryId,
        status: 200,
        outcome: 'delivered',
        milliseconds: 1,
        state: 'delivered',
      })
      await moveResponse(tx, { id: responseId, to: 'submitted', actor: 'service' })
      await scheduleConfirm(tx, responseId, new Date())
    })
    await look()
    await moveResponse(db, { id: responseId, to: 'confirmed', actor: 'service' })
    await look()
    await insertNotices(db, [{ findingId, address: 'owner@a.example', chosenBy: 'directory' }])
    await markNoticed(db, findingId)
    await look()
    const mail = await transact(db, async (tx) => {
      const ready = await readyNotices(tx, 900)
      const made = await createMail(tx, { address: 'owner@a.example', kind: 'single', messageId: '<1@x>' })
      await takeUp(
        tx,
        ready.map((one) => one.id),
        made.id,
      )
      return made
    })
    await look()
    await mailSent(db, mail.id)
    await look()

    expect(seen).toEqual([[], ['confirm'], ['notify'], ['collect-notices'], ['send-mail'], []])
    expect(await noticesOfMail(db, mail.id)).toHaveLength(1)
  })
})

describe('a delivery', () => {
  test('is claimed by one worker, and settled once', async () => {
    const { deliveryId } = await world()
    const claims = await Promise.all([1, 2, 3].map(() => claimDelivery(database.db, deliveryId, 60_000)))
    const attempt = {
      deliveryId,
      status: 200,
      outcome: 'delivered',
      milliseconds: 1,
      state: 'delivered',
    } as const

    const settled = []
    for (let time = 0; time < 2; time += 1) {
      settled.push(await transact(database.db, (tx) => recordAttempt(tx, attempt)))
    }

    expect(claims.filter((one) => one !== null)).toHaveLength(1)
    expect(settled).toEqual([true, false])
    expect(await claimDelivery(database.db, deliveryId, 60_000)).toBeNull()
  })

  test('to be tried again waits for its time', async () => {
    const { deliveryId } = await world()
    await claimDelivery(database.db, deliveryId, 60_000)
    const nextAttemptAt = new Date(Date.now() + 60_000)

    await transact(database.db, (tx) =>
      recordAttempt(tx, {
        deliveryId,
        status: 503,
        outcome: 'busy',
        milliseconds: 1,
        state: 'pending',
        nextAttemptAt,
      }),
    )

    expect(await claimDelivery(database.db, deliveryId, 60_000)).toBeNull()
  })
})

describe('a mail', () => {
  test('that failed is tried again at its time, and one given up is not', async () => {
    const { db } = database
    const make = (n: number) =>
      transact(db, (tx) => createMail(tx, { address: 'a@b.example', kind: 'single', messageId: `<${n}@x>` }))
    const [later, given] = [await make(1), await make(2)]
    for (const { id } of [later, given]) await claimMail(db, id, 60_000)
    await mailFailed(db, later.id, { error: 'busy', retryAt: new Date(Date.now() - 1) })
    await mailFailed(db, given.id, { error: 'refused', retryAt: null })

    expect(await claimMail(db, later.id, 60_000)).toMatchObject({ attempts: 2, messageId: '<1@x>' })
    expect(await claimMail(db, given.id, 60_000)).toBeNull()
  })
})

describe('a notice', () => {
  test('is made once a day for an owner and a finding', async () => {
    const { findingId } = await world()
    const notice = { findingId, address: 'owner@a.example', chosenBy: 'directory' }

    const made = await Promise.all([1, 2].map(() => insertNotices(database.db, [notice])))

    expect(made.sort((a, b) => a - b)).toEqual([0, 1])
  })

  test('waits for its scan and for responses under way, but not for ever', async () => {
    const { findingId, responseId, taskId } = await world()
    const { db } = database
    const ready = (seconds: number) => transact(db, (tx) => readyNotices(tx, seconds))
    await insertNotices(db, [{ findingId, address: 'owner@a.example', chosenBy: 'directory' }])
    await moveResponse(db, { id: responseId, to: 'failed', actor: 'service' })
    await markNoticed(db, findingId)

    const scanning = await ready(900)
    await claimTask(db, taskId, 'w', 60_000)
    await finishTask(db, { taskId, worker: 'w', childTasks: [], problems: [], stats: {}, state: 'done' })
    const finished = await ready(900)
    await moveResponse(db, { id: responseId, to: 'executing', actor: 'test' })
    const executing = await ready(900)

    expect([scanning, finished, executing].map((rows) => rows.length)).toEqual([0, 1, 0])
    expect(await ready(-1)).toHaveLength(1)
  })
})

test('purging forgets sealed bodies of confirmed responses and old outbox rows, nothing else', async () => {
  const { responseId } = await world()
  const before = await purge(database.db, { outboxSeconds: 0 })
  await moveResponse(database.db, { id: responseId, to: 'confirmed', actor: 'service' })
  await sql`update outbox set sent_at = now() - interval '1 hour'`.execute(database.db)

  const after = await purge(database.db, { outboxSeconds: 60 })

  expect(before).toEqual({ outbox: 0, secrets: 0, bodies: 0 })
  expect(after).toMatchObject({ secrets: 0, bodies: 1 })
  expect(after.outbox).toBeGreaterThan(0)
})
