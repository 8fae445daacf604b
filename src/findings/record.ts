/**
 * Hits become findings: one transaction for what one blob holds (for several hundred at a time where it holds more, so
 * that writers of the audit log do not wait for minutes), each new finding with the outbox row that has
 * its response planned and its audit event. Recording the same again changes nothing but when a place was last seen.
 */
import { crashPoint } from '../base/crash-point.ts'
import { seal } from '../base/seal.ts'
import type { ServiceKeys } from '../base/service-key.ts'
import type { FoundPlace } from '../model/finding.ts'
import { confidences, type Hit } from '../model/hit.ts'
import type { Secret } from '../model/secret.ts'
import { type AuditEntry, appendAudit } from '../store/audit.ts'
import { type Db, type Tx, transact } from '../store/database.ts'
import { enqueueAll } from '../store/outbox.ts'
import { addPlaces, hasOtherSite } from '../store/places.ts'
import {
  insertFinding,
  type KnownFinding,
  lockKnown,
  planAgain,
  updateFinding,
} from '../store/record-finding.ts'
import { fingerprint } from './fingerprint.ts'
import { foundPlace } from './found-place.ts'
import { type Found, isBetter } from './merge.ts'

export interface RecordDeps {
  keys: ServiceKeys
  /** Earlier versions of the key that findings may still be named under. */
  olderKeys?: readonly ServiceKeys[]
}

export interface RecordInput {
  scanId: string
  sourceId: string
  found: readonly Found[]
}

/** Credentials in one transaction. */
const batch = 500

interface Credential {
  /** Under the current key first, then under the older ones. */
  names: readonly [string, ...string[]]
  hit: Hit
  companion: Secret | undefined
  places: FoundPlace[]
}

interface Recorded {
  id: string
  isNew: boolean
  /** Its response is to be decided. */
  toPlan: boolean
  events: AuditEntry[]
}

/** Gives the ids of findings that were not there before. */
export async function recordHits(
  db: Db,
  deps: RecordDeps,
  input: RecordInput,
): Promise<{ newFindings: string[] }> {
  const credentials = group(deps, input.found.filter(isRecorded))
  const newFindings: string[] = []
  for (let start = 0; start < credentials.length; start += batch) {
    newFindings.push(...(await recordBatch(db, deps, input, credentials.slice(start, start + batch))))
  }
  return { newFindings }
}

async function recordBatch(
  db: Db,
  deps: RecordDeps,
  input: RecordInput,
  credentials: readonly Credential[],
): Promise<string[]> {
  return transact(db, async (tx) => {
    const newFindings: string[] = []
    const toPlan: string[] = []
    const events: AuditEntry[] = []
    for (const credential of credentials) {
      const recorded = await recordOne(tx, deps, input, credential)
      if (recorded.isNew) newFindings.push(recorded.id)
      if (recorded.toPlan) toPlan.push(recorded.id)
      events.push(...recorded.events)
      crashPoint('between-findings')
    }
    await enqueueAll(
      tx,
      'plan-response',
      toPlan.map((findingId) => ({ findingId })),
    )
    await appendAudit(tx, ...events)
    return newFindings
  })
}

/** What failed its check, or has no more than a keyword to it, is counted by the engine and not kept. */
function isRecorded({ hit }: Found): boolean {
  return hit.confidence !== 'low' && hit.checkPassed !== false
}

/** One entry a credential, in the order of their names: two workers with the same credentials never deadlock. */
function group(deps: RecordDeps, found: readonly Found[]): Credential[] {
  const groups = new Map<string, Credential>()
  for (const { hit, places } of found) {
    const older = (deps.olderKeys ?? []).map((keys) =>
      fingerprint(keys.fingerprint, hit.secret, hit.detector),
    )
    const name = fingerprint(deps.keys.fingerprint, hit.secret, hit.detector)
    const here = places.map((place) => foundPlace(hit, place))
    const known = groups.get(name)
    if (!known) {
      groups.set(name, { names: [name, ...older], hit, companion: hit.companion, places: here })
      continue
    }
    known.places.push(...here)
    known.companion ??= hit.companion
    if (isBetter(hit, known.hit)) known.hit = hit
  }
  return [...groups.values()].sort((a, b) => (a.names[0] < b.names[0] ? -1 : 1))
}

async function recordOne(
  tx: Tx,
  deps: RecordDeps,
  input: RecordInput,
  credential: Credential,
): Promise<Recorded> {
  let known = await lockKnown(tx, credential.names)
  if (!known) {
    const id = await insertFinding(tx, {
      fingerprint: credential.names[0],
      keyVersion: deps.keys.version,
      hit: credential.hit,
      scanId: input.scanId,
      ...sealed(deps, credential, credential.names[0]),
    })
    if (id !== null) {
      await addPlaces(tx, id, input.sourceId, credential.places)
      return { id, isNew: true, toPlan: true, events: [event('finding.created', id, credential)] }
    }
    known = await lockKnown(tx, credential.names)
  }
  if (!known) throw new Error('a finding vanished while it was recorded')
  return { id: known.id, isNew: false, ...(await meetAgain(tx, deps, input, credential, known)) }
}

async function meetAgain(
  tx: Tx,
  deps: RecordDeps,
  input: RecordInput,
  credential: Credential,
  known: KnownFinding,
): Promise<Pick<Recorded, 'toPlan' | 'events'>> {
  const added = await addPlaces(tx, known.id, input.sourceId, credential.places)
  // An edit beside an old leak, or the next version of an object, is a new place but no new leak.
  const reopen = known.state === 'resolved' && added.length > 0 && (await hasOtherSite(tx, known.id, added))
  const paired = credential.companion !== undefined && !known.hasCompanion && known.validity !== 'inactive'
  const upgraded = saysMore(credential.hit, known)
  const box = sealed(deps, credential, known.fingerprint)
  // A purged credential is needed again only where nobody has disabled it.
  const reseal = reopen && !known.hasSecret && known.validity !== 'inactive'
  if (reopen || paired || upgraded) {
    await updateFinding(tx, known.id, {
      ...(upgraded ? { hit: credential.hit } : {}),
      ...(reseal ? { sealedSecret: box.sealedSecret } : {}),
      ...(paired && box.sealedCompanion ? { sealedCompanion: box.sealedCompanion } : {}),
      reopen,
    })
  }
  const events: AuditEntry[] = []
  if (reopen) events.push(event('finding.reopened', known.id, credential))
  if (paired) events.push(event('finding.paired', known.id, credential))
  if (upgraded) events.push(event('finding.upgraded', known.id, credential))
  return { toPlan: upgraded && (await planAgain(tx, known.id)), events }
}

function saysMore(hit: Hit, known: KnownFinding): boolean {
  const more = confidences.indexOf(hit.confidence) - confidences.indexOf(known.confidence)
  return more > 0 || (more === 0 && hit.checkBits > known.checkBits)
}

function sealed(deps: RecordDeps, credential: Credential, name: string) {
  const { hit, companion } = credential
  return {
    sealedSecret: seal(deps.keys.seal, hit.secret.reveal(), name),
    sealedCompanion: companion ? seal(deps.keys.seal, companion.reveal(), name) : null,
  }
}

function event(action: string, id: string, { hit, places }: Credential): AuditEntry {
  return {
    actor: 'service',
    action,
    subjectType: 'finding',
    subjectId: id,
    detail: { detector: hit.detector, confidence: hit.confidence, places: places.length },
  }
}
