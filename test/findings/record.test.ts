/** Recording: one finding a credential, whoever meets it, however often, and what a second meeting changes. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { unseal } from '../../src/base/seal.ts'
import { deriveKeys } from '../../src/base/service-key.ts'
import { recordHits } from '../../src/findings/record.ts'
import { patchFinding } from '../../src/findings/triage.ts'
import { Secret } from '../../src/model/secret.ts'
import { listAudit, verifyAudit } from '../../src/store/audit.ts'
import { getFinding, getSealed, purgeSecret, setValidity } from '../../src/store/findings.ts'
import { unsent } from '../../src/store/outbox.ts'
import { placesOf } from '../../src/store/places.ts'
import { makeHit, makePlace } from '../support/hit.ts'
import { type TestDatabase, testDatabase } from '../support/postgres.ts'
import { startTestScan } from '../support/scan.ts'

let database: TestDatabase
let scan: Awaited<ReturnType<typeof startTestScan>>
let value = ''
let count = 0
const keys = deriveKeys(Buffer.alloc(32, 7), 2)
const olderKeys = [deriveKeys(Buffer.alloc(32, 6), 1)]

beforeAll(async () => {
  database = await testDatabase()
  scan = await startTestScan(database.db)
})
afterAll(() => database.drop())
beforeEach(() => {
  count += 1
  value = `made-up-${count}-`.padEnd(40, 'x')
})

function record(...found: Parameters<typeof recordHits>[2]['found'][number][]) {
  return recordHits(database.db, { keys, olderKeys }, { ...scan, found })
}

async function recordOne(): Promise<string> {
  const { newFindings } = await record({ hit: makeHit(value), places: [makePlace('a')] })
  return newFindings[0] ?? ''
}

async function actions(id: string): Promise<string[]> {
  return (await listAudit(database.db, { subjectId: id, limit: 100 })).map((event) => event.action)
}

describe('a credential', () => {
  test('met at two paths is one finding with two places, to be planned once', async () => {
    const hit = makeHit(value)

    const { newFindings } = await record({ hit, places: [makePlace('a')] }, { hit, places: [makePlace('b')] })

    const jobs = (await unsent(database.db, 1000)).filter(
      (row) => row.payload['findingId'] === newFindings[0],
    )
    expect(newFindings).toHaveLength(1)
    const places = await placesOf(database.db, newFindings[0] ?? '')
    expect(places.map((place) => place.details.path).sort()).toEqual(['a', 'b'])
    expect(jobs.map((row) => row.job)).toEqual(['plan-response'])
    expect(await actions(newFindings[0] ?? '')).toEqual(['finding.created'])
  })

  test('recorded again changes nothing', async () => {
    const id = await recordOne()

    const again = await record({ hit: makeHit(value), places: [makePlace('a')] })

    expect(again.newFindings).toEqual([])
    expect(await placesOf(database.db, id)).toHaveLength(1)
    expect(await actions(id)).toEqual(['finding.created'])
  })

  test('recorded by many workers at once, in any order, is one finding', async () => {
    const found = [1, 2, 3].map((n) => ({ hit: makeHit(`${value}${n}`), places: [makePlace('a')] }))

    const results = await Promise.all(
      [found, [...found].reverse(), found, [...found].reverse()].map((each) => record(...each)),
    )

    expect(results.flatMap((result) => result.newFindings)).toHaveLength(3)
    expect(await verifyAudit(database.db)).toMatchObject({ ok: true })
  })

  test.each([
    ['low confidence', { confidence: 'low' as const, checkPassed: null }],
    ['a failed check', { checkPassed: false }],
  ])('with %s is not kept', async (_name, changes) => {
    const result = await record({ hit: makeHit(value, changes), places: [makePlace('a')] })

    expect(result.newFindings).toEqual([])
  })

  test('is sealed for its fingerprint and can be opened only with that', async () => {
    const id = await recordOne()

    const sealed = await getSealed(database.db, id)

    expect(unseal(keys.seal, sealed?.secret ?? Buffer.alloc(0), sealed?.fingerprint ?? '').toString()).toBe(
      value,
    )
    expect(() => unseal(keys.seal, sealed?.secret ?? Buffer.alloc(0), 'other')).toThrow('sealed value')
    const row = await database.db
      .selectFrom('finding')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain(value)
  })

  test('named under an older key is the same finding', async () => {
    const before = await recordHits(
      database.db,
      { keys: olderKeys[0] ?? keys },
      { ...scan, found: [{ hit: makeHit(value), places: [makePlace('a')] }] },
    )

    const after = await record({ hit: makeHit(value), places: [makePlace('b')] })

    expect(before.newFindings).toHaveLength(1)
    expect(after.newFindings).toEqual([])
    expect(await placesOf(database.db, before.newFindings[0] ?? '')).toHaveLength(2)
  })

  test('met again with its other half is upgraded', async () => {
    const weak = { confidence: 'medium' as const, checkPassed: null, checkBits: 0, check: 'none' as const }
    const { newFindings } = await record({ hit: makeHit(value, weak), places: [makePlace('a')] })
    const id = newFindings[0] ?? ''

    const companion = new Secret(Buffer.from('half'), 'made-up-half')
    await record({ hit: makeHit(value, { companion }), places: [makePlace('a')] })

    const sealed = await getSealed(database.db, id)
    expect(
      unseal(keys.seal, sealed?.companion ?? Buffer.alloc(0), sealed?.fingerprint ?? '').toString(),
    ).toBe('half')
    expect(await getFinding(database.db, id)).toMatchObject({ confidence: 'high', checkBits: 32 })
    expect(await actions(id)).toEqual(['finding.created', 'finding.paired', 'finding.upgraded'])
  })
})

describe('a resolved finding', () => {
  async function resolved(): Promise<string> {
    const id = await recordOne()
    await patchFinding(database.db, id, { state: 'resolved', resolution: 'revoked' }, 'test')
    return id
  }

  test('opens again when its credential stands somewhere new', async () => {
    const id = await resolved()

    await record({ hit: makeHit(value), places: [makePlace('elsewhere')] })

    expect(await getFinding(database.db, id)).toMatchObject({ state: 'open', resolution: null })
    expect((await actions(id)).at(-1)).toBe('finding.reopened')
  })

  test('stays resolved when the file it stands in has a new version', async () => {
    const id = await resolved()

    await record({ hit: makeHit(value), places: [makePlace('a', { commit_sha: 'b'.repeat(40) })] })

    expect(await getFinding(database.db, id)).toMatchObject({ state: 'resolved' })
    expect(await placesOf(database.db, id)).toHaveLength(2)
  })

  test.each([
    ['is kept sealed again when nobody disabled it', 'unknown' as const, true],
    ['stays purged when it is inactive', 'inactive' as const, false],
  ])('that was purged and opens again %s', async (_name, validity, kept) => {
    const id = await resolved()
    await purgeSecret(database.db, id)
    await setValidity(database.db, id, validity)

    await record({ hit: makeHit(value), places: [makePlace('elsewhere')] })

    expect((await getSealed(database.db, id))?.secret !== null).toBe(kept)
  })
})

test('texts that PostgreSQL refuses are recorded, and the place is met again', async () => {
  const place = makePlace('dir\0/\uD800name', { author_name: 'a\0b' })

  const { newFindings } = await record({ hit: makeHit(value), places: [place] })
  await record({ hit: makeHit(value), places: [place] })

  const places = await placesOf(database.db, newFindings[0] ?? '')
  expect(places.map((one) => one.details.path)).toEqual(['dir\uFFFD/\uFFFDname'])
})

test('more credentials in one blob than one transaction takes are all recorded', async () => {
  const many = Array.from({ length: 501 }, (_, index) => ({
    hit: makeHit(`${value}${index}`),
    places: [makePlace('a')],
  }))

  const { newFindings } = await record(...many)

  expect(new Set(newFindings).size).toBe(501)
})
