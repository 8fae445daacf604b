/** Signing keys: made once, sealed, named and served as GitHub's are. */
import { createHash, createPublicKey, verify } from 'node:crypto'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deriveKeys } from '../../../src/base/service-key.ts'
import { createVerifier } from '../../../src/issuer-kit/index.ts'
import { loadSigningKeys, makeKey, publicKeyListing } from '../../../src/respond/revoke/keys.ts'
import { signBody, signedHeaders } from '../../../src/respond/revoke/sign.ts'
import { currentSigningKey, insertSigningKey } from '../../../src/store/signing-keys.ts'
import { type TestDatabase, testDatabase } from '../../support/postgres.ts'

const keys = deriveKeys(Buffer.alloc(32, 1), 1)
const body = Buffer.from('[]')
let database: TestDatabase
beforeEach(async () => {
  database = await testDatabase()
})
afterEach(() => database.drop())

describe('signing keys', () => {
  it('are made once, however many ask at the same time', async () => {
    const loaded = await Promise.all(Array.from({ length: 6 }, () => loadSigningKeys(database.db, keys)))

    expect(new Set(loaded.map((each) => each.body.id)).size).toBe(1)
    expect(new Set(loaded.map((each) => each.webhook.id)).size).toBe(1)
    expect(await database.db.selectFrom('signingKey').select('algorithm').execute()).toHaveLength(2)
  })

  it('are found by one that began to look before they were made', async () => {
    const found = await database.db.transaction().execute(async (waiting) => {
      await sql`select now()`.execute(waiting)
      await loadSigningKeys(database.db, keys)
      return currentSigningKey(waiting, 'ecdsa-p256')
    })

    expect(found?.keyIdentifier).toBe((await loadSigningKeys(database.db, keys)).body.id)
  })

  it('are named by SHA-256 of the PEM text with its final line feed', async () => {
    const { public_keys } = await publicKeyListing(database.db, keys)

    const [entry] = public_keys
    expect(entry?.key).toMatch(/^-----BEGIN PUBLIC KEY-----\n[\s\S]+\n-----END PUBLIC KEY-----\n$/)
    expect(entry?.key).not.toContain('\r')
    expect(entry?.key_identifier).toBe(
      createHash('sha256')
        .update(entry?.key ?? '')
        .digest('hex'),
    )
    expect(Object.keys(entry ?? {}).sort()).toEqual(['is_current', 'key', 'key_identifier'])
  })

  it('verify under their listing, also by the issuer kit', async () => {
    const loaded = await loadSigningKeys(database.db, keys)
    const listing = await publicKeyListing(database.db, keys)

    const signature = Buffer.from(signBody(body, loaded.body.privateKey), 'base64')
    const headers = signedHeaders({ id: 'd', prefix: 'Acme', body, now: Date.now() }, loaded)
    const verified = await createVerifier({ keys: listing, headerPrefix: 'Acme' }).verify(body, headers)

    expect(verify('sha256', body, createPublicKey(listing.public_keys[0]?.key ?? ''), signature)).toBe(true)
    expect(verified.deliveryId).toBe('d')
    expect(Object.keys(headers).filter((name) => name.includes('Public-Key'))).toEqual([
      'Acme-Public-Key-Identifier',
      'Acme-Public-Key-Signature',
    ])
  })

  it('are kept sealed: another service key cannot open them', async () => {
    await loadSigningKeys(database.db, keys)

    const other = deriveKeys(Buffer.alloc(32, 2), 1)
    await expect(loadSigningKeys(database.db, other)).rejects.toMatchObject({ code: 'config' })
  })

  it('that begin later are listed at once and sign when their time has come', async () => {
    const before = await loadSigningKeys(database.db, keys)
    const next = makeKey('ecdsa-p256', keys.seal)
    const soon = new Date(Date.now() + 3_600_000)
    await insertSigningKey(database.db, { ...next, algorithm: 'ecdsa-p256', activeFrom: soon }, 'test')

    const { public_keys } = await publicKeyListing(database.db, keys)
    expect(public_keys.map((each) => each.key_identifier)).toContain(next.keyIdentifier)
    expect((await loadSigningKeys(database.db, keys)).body.id).toBe(before.body.id)

    await database.db
      .updateTable('signingKey')
      .set({ activeFrom: new Date() })
      .where('keyIdentifier', '=', next.keyIdentifier)
      .execute()
    expect((await loadSigningKeys(database.db, keys)).body.id).toBe(next.keyIdentifier)
  })
})
