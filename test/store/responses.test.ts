/** Responses: no path but those of the table, one live response a finding, and who may approve. */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deriveKeys } from '../../src/base/service-key.ts'
import { recordHits } from '../../src/findings/record.ts'
import { type ResponseState, responseStates } from '../../src/model/finding.ts'
import { transact } from '../../src/store/database.ts'
import { createIssuer } from '../../src/store/issuers.ts'
import { isSettled, mayMove, responseMoves } from '../../src/store/response-moves.ts'
import {
  approveResponse,
  claimConfirm,
  countAutomatic,
  createResponse,
  getResponse,
  moveResponse,
  type NewResponse,
  rejectResponse,
  scheduleConfirm,
} from '../../src/store/responses.ts'
import { makeHit, makePlace } from '../support/hit.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { startTestScan } from '../support/scan.ts'

let database: TestDatabase
let scan: Awaited<ReturnType<typeof startTestScan>>
const keys = deriveKeys(Buffer.alloc(32, 7), 1)
beforeAll(async () => {
  database = await testDatabase()
  scan = await startTestScan(database.db)
})
afterAll(() => database.drop())

async function newFinding(): Promise<string> {
  const found = [{ hit: makeHit(randomUUID()), places: [makePlace('a')] }]
  const { newFindings } = await recordHits(database.db, { keys }, { ...scan, found })
  return newFindings[0] ?? ''
}

async function respond(changes: Partial<NewResponse> = {}) {
  const findingId = changes.findingId ?? (await newFinding())
  return transact(database.db, (tx) =>
    createResponse(tx, {
      findingId,
      issuerId: null,
      mode: 'approve',
      state: 'planned',
      reason: 'test',
      gates: [],
      idempotencyKey: randomUUID(),
      requestedBy: 'policy',
      ...changes,
    }),
  )
}

describe('the states of a response', () => {
  test('can all be reached from planned, and nothing leaves the final ones', () => {
    const reached = new Set<ResponseState>(['planned'])
    for (const state of reached) for (const next of responseMoves[state]) reached.add(next)

    expect([...reached].sort()).toEqual([...responseStates].sort())
    for (const state of ['rejected', 'reversed', 'observed'] as const)
      expect(responseMoves[state]).toEqual([])
  })

  test('follow the table on any walk: allowed moves happen, others change nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...responseStates), { maxLength: 6 }), async (walk) => {
        const id = (await respond())?.id ?? ''
        let state: ResponseState = 'planned'
        for (const to of walk) {
          const moving = moveResponse(database.db, { id, to, actor: 'test' })
          if (mayMove(state, to)) {
            expect((await moving).completedAt !== null).toBe(isSettled(to))
            state = to
          } else await expect(moving).rejects.toMatchObject({ code: 'conflict' })
        }
        expect((await getResponse(database.db, id))?.state).toBe(state)
      }),
      { numRuns: 40 },
    )
  })
})

describe('a response', () => {
  test('is made once for a finding, also by many at once', async () => {
    const findingId = await newFinding()

    const made = await Promise.all([1, 2, 3, 4].map(() => respond({ findingId })))

    expect(made.filter((one) => one !== null)).toHaveLength(1)
  })

  test('can be made anew after the last one was rejected', async () => {
    const findingId = await newFinding()
    const first = await respond({ findingId, state: 'awaiting_approval' })
    await transact(database.db, (tx) => rejectResponse(tx, first?.id ?? '', 'token:1', 'no'))

    expect(await respond({ findingId })).not.toBeNull()
  })

  test('is not approved by the person who asked for it', async () => {
    const made = await respond({ state: 'awaiting_approval', requestedBy: 'token:1' })
    const approve = (actor: string) =>
      transact(database.db, (tx) => approveResponse(tx, made?.id ?? '', actor, 'seen'))

    await expect(approve('token:1')).rejects.toMatchObject({ code: 'forbidden' })
    expect(await approve('token:2')).toMatchObject({ state: 'executing', decidedBy: 'token:2' })
    await expect(approve('token:2')).rejects.toMatchObject({ code: 'conflict' })
  })

  test('counts toward the cap only when policy let it out', async () => {
    const issuer = await createIssuer(database.db, { slug: 'made-up', name: 'Made up' }, 'test')
    await respond({ issuerId: issuer.id, mode: 'auto', state: 'executing' })
    await respond({ issuerId: issuer.id, mode: 'approve', state: 'awaiting_approval' })
    await respond({ issuerId: issuer.id, mode: 'auto', state: 'awaiting_approval' })

    expect(await countAutomatic(database.db, issuer.id, 3600)).toBe(1)
  })

  test('is looked up by one worker, and not before its time', async () => {
    const id = (await respond({ state: 'executing' }))?.id ?? ''
    await moveResponse(database.db, { id, to: 'submitted', actor: 'service' })
    await scheduleConfirm(database.db, id, new Date(Date.now() + 60_000))
    const early = await claimConfirm(database.db, id, 10_000)
    await scheduleConfirm(database.db, id, new Date(Date.now() - 1000))

    const claims = await Promise.all([1, 2, 3].map(() => claimConfirm(database.db, id, 10_000)))

    expect(early).toBeNull()
    expect(claims.filter((one) => one !== null)).toMatchObject([{ confirmAttempts: 1 }])
  })
})
