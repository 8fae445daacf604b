/**
 * Making and opening what an issuer will be sent. The body is built once, from the sealed credential, and stored
 * sealed to its delivery: retries send these very bytes. Nothing but these functions sees a credential here.
 */
import { createHash, randomUUID } from 'node:crypto'
import { seal, unseal } from '../../base/seal.ts'
import { AppError } from '../../model/errors.ts'
import type { Db, Tx } from '../../store/database.ts'
import { createDelivery, type DeliveryRow } from '../../store/deliveries.ts'
import { getSealed } from '../../store/findings.ts'
import type { IssuerRow } from '../../store/issuers.ts'
import { placesOf } from '../../store/places.ts'
import { describePlace, encodeBody } from './body.ts'
import { sha256Hex } from './outcome.ts'

/** Stores the delivery of a response and has it sent. `AppError` `conflict` when the credential is purged. */
export async function createRevokeDelivery(
  tx: Tx,
  sealKey: Buffer,
  target: { issuer: IssuerRow; detector: string; findingId: string; responseId: string },
): Promise<void> {
  const { issuer, detector, findingId, responseId } = target
  const type = issuer.types[detector]
  const token = await openToken(tx, sealKey, findingId)
  if (token === null || type === undefined) {
    throw new AppError(
      'conflict',
      `the credential of finding "${findingId}" is no longer kept, or has no issuer`,
    )
  }
  const places = await placesOf(tx, findingId)
  const told = describePlace(places.map((place) => place.details))
  const body = encodeBody(issuer.dialect, [{ token: token.toString('utf8'), type, ...told }])
  await createDelivery(tx, {
    ...sealBody(sealKey, body),
    issuerId: issuer.id,
    responseId,
    kind: 'revoke',
  })
}

/** A fresh delivery id with the body sealed to it. */
export function sealBody(
  sealKey: Buffer,
  body: Buffer,
): Pick<DeliveryRow, 'id' | 'bodySha256'> & {
  sealedBody: Buffer
} {
  const id = randomUUID()
  const bodySha256 = createHash('sha256').update(body).digest()
  return { id, bodySha256, sealedBody: seal(sealKey, body, `delivery:${id}`) }
}

/** The stored bytes; null once purged. */
export function openBody(sealKey: Buffer, delivery: Pick<DeliveryRow, 'id' | 'sealedBody'>): Buffer | null {
  return delivery.sealedBody === null ? null : unseal(sealKey, delivery.sealedBody, `delivery:${delivery.id}`)
}

/** SHA-256 of the credential, by which issuers name it in feedback and look-ups; null once it is purged. */
export async function hashOfFinding(db: Db | Tx, sealKey: Buffer, findingId: string): Promise<string | null> {
  const token = await openToken(db, sealKey, findingId)
  // Over the text, as the issuer reads it from the JSON.
  return token === null ? null : sha256Hex(token.toString('utf8'))
}

async function openToken(db: Db | Tx, sealKey: Buffer, findingId: string): Promise<Buffer | null> {
  const sealed = await getSealed(db, findingId)
  return sealed?.secret ? unseal(sealKey, sealed.secret, sealed.fingerprint) : null
}
