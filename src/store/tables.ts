/**
 * The tables as Kysely sees them, snake_case there and camelCase here; `migrations/` is where they are made, and a
 * test compares the two. Columns of type jsonb are read as values and written as the text that `toJson` gives,
 * because the driver would turn an array into a PostgreSQL array.
 */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { CheckKind } from '../model/detector.ts'
import type {
  FindingState,
  FoundPlace,
  Resolution,
  ResponseMode,
  ResponseState,
  Validity,
} from '../model/finding.ts'
import type { Confidence, HitLabel } from '../model/hit.ts'
import type { JobName } from '../model/jobs.ts'
import type { Task } from '../model/target.ts'

/** JSON text that PostgreSQL takes as jsonb. */
export type JsonText = string & { readonly json: unique symbol }

export function toJson(value: unknown): JsonText {
  return JSON.stringify(value) as JsonText
}

type Json<T> = ColumnType<T, JsonText, JsonText>
type DefaultJson<T> = ColumnType<T, JsonText | undefined, JsonText>
type Moment = ColumnType<Date, Date, Date>
type DefaultMoment = ColumnType<Date, Date | undefined, Date>
type MaybeMoment = ColumnType<Date | null, Date | null | undefined, Date | null>
type Maybe<T> = ColumnType<T | null, T | null | undefined, T | null>

/** What a gate of the policy said when a response was planned. */
export interface GateResult {
  gate: string
  passed: boolean
  detail: string
}

export interface Tables {
  serviceKey: { version: number; checkValue: Buffer; createdAt: DefaultMoment }
  setting: { name: string; value: Json<unknown>; updatedAt: DefaultMoment }
  apiToken: {
    id: Generated<string>
    name: string
    tokenHash: Buffer
    scopes: string[]
    createdAt: DefaultMoment
    lastUsedAt: MaybeMoment
    revokedAt: MaybeMoment
  }
  signingKey: {
    keyIdentifier: string
    algorithm: 'ecdsa-p256' | 'ed25519'
    publicKey: string
    sealedPrivateKey: Buffer
    isCurrent: Generated<boolean>
    activeFrom: DefaultMoment
    createdAt: DefaultMoment
  }
  source: {
    id: Generated<string>
    name: string
    target: string
    authority: Generated<'owned' | 'public'>
    firstTask: Json<unknown>
    createdAt: DefaultMoment
  }
  schedule: {
    id: Generated<string>
    name: string
    cron: string
    timeZone: Generated<string>
    sourceIds: string[]
    enabled: Generated<boolean>
    createdAt: DefaultMoment
    updatedAt: DefaultMoment
  }
  scan: {
    id: Generated<string>
    scheduleId: Maybe<string>
    startedBy: string
    runKey: Maybe<string>
    state: Generated<ScanState>
    createdAt: DefaultMoment
    finishedAt: MaybeMoment
    stats: DefaultJson<Counts>
  }
  task: {
    id: Generated<string>
    scanId: string
    sourceId: string
    kind: Task['kind']
    key: string
    params: Json<unknown>
    state: Generated<TaskState>
    attempts: Generated<number>
    claimedUntil: MaybeMoment
    claimedBy: Maybe<string>
    createdAt: DefaultMoment
    finishedAt: MaybeMoment
    stats: DefaultJson<Counts>
  }
  taskProblem: {
    id: GeneratedAlways<string>
    taskId: string
    scanId: string
    problem: 'error' | 'skipped'
    code: string
    subject: string
    message: string
  }
  seenContent: { sourceId: string; contentKey: string; detectorSet: string; seenAt: DefaultMoment }
  issuer: {
    id: Generated<string>
    slug: string
    name: string
    endpoint: Maybe<string>
    statusEndpoint: Maybe<string>
    headerPrefix: Generated<string>
    dialect: Generated<'github' | 'gitlab'>
    mode: Generated<ResponseMode>
    revokesOnReceipt: Generated<boolean>
    certificateAuthority: Maybe<string>
    types: DefaultJson<Record<string, string>>
    hourlyCap: Generated<number>
    provenAt: MaybeMoment
    disabledAt: MaybeMoment
    createdAt: DefaultMoment
    updatedAt: DefaultMoment
  }
  finding: {
    id: Generated<string>
    fingerprint: string
    keyVersion: number
    detector: string
    issuer: string
    kind: string
    secretRedacted: string
    checkKind: CheckKind
    checkPassed: boolean | null
    checkBits: Generated<number>
    confidence: Confidence
    label: HitLabel | null
    facts: DefaultJson<Record<string, string>>
    validity: Generated<Validity>
    state: Generated<FindingState>
    resolution: Maybe<Resolution>
    resolutionComment: Maybe<string>
    resolvedAt: MaybeMoment
    resolvedBy: Maybe<string>
    assignee: Maybe<string>
    sealedSecret: Maybe<Buffer>
    sealedCompanion: Maybe<Buffer>
    firstScanId: Maybe<string>
    plannedAt: MaybeMoment
    createdAt: DefaultMoment
    updatedAt: DefaultMoment
  }
  place: {
    id: Generated<string>
    findingId: string
    sourceId: Maybe<string>
    placeKey: string
    type: FoundPlace['type']
    details: Json<FoundPlace>
    firstSeenAt: DefaultMoment
    lastSeenAt: DefaultMoment
  }
  response: {
    id: Generated<string>
    findingId: string
    issuerId: Maybe<string>
    lane: Generated<string>
    mode: ResponseMode
    state: Generated<ResponseState>
    reason: string
    gates: DefaultJson<GateResult[]>
    idempotencyKey: string
    requestedBy: string
    decidedBy: Maybe<string>
    outcome: Maybe<string>
    confirmAttempts: Generated<number>
    nextConfirmAt: MaybeMoment
    claimedUntil: MaybeMoment
    noticedAt: MaybeMoment
    createdAt: DefaultMoment
    updatedAt: DefaultMoment
    completedAt: MaybeMoment
  }
  delivery: {
    id: Generated<string>
    issuerId: string
    responseId: Maybe<string>
    kind: Generated<'revoke' | 'test'>
    sealedBody: Maybe<Buffer>
    bodySha256: Buffer
    state: Generated<DeliveryState>
    attempts: Generated<number>
    nextAttemptAt: DefaultMoment
    claimedUntil: MaybeMoment
    lastStatus: Maybe<number>
    lastOutcome: Maybe<string>
    createdAt: DefaultMoment
    completedAt: MaybeMoment
  }
  deliveryAttempt: {
    id: GeneratedAlways<string>
    deliveryId: string
    attemptedAt: DefaultMoment
    status: number | null
    outcome: string
    milliseconds: number
  }
  mail: {
    id: Generated<string>
    address: string
    kind: 'single' | 'digest'
    messageId: string
    state: Generated<MailState>
    attempts: Generated<number>
    nextAttemptAt: DefaultMoment
    claimedUntil: MaybeMoment
    lastError: Maybe<string>
    createdAt: DefaultMoment
    sentAt: MaybeMoment
  }
  notice: {
    id: Generated<string>
    findingId: string
    address: string
    day: ColumnType<Date, string | undefined, string>
    chosenBy: string
    mailId: Maybe<string>
    createdAt: DefaultMoment
  }
  outbox: {
    id: GeneratedAlways<string>
    job: JobName
    payload: Json<Record<string, string>>
    runAt: DefaultMoment
    createdAt: DefaultMoment
    sentAt: MaybeMoment
  }
  auditEvent: {
    seq: ColumnType<string, number | string, never>
    at: Moment
    actor: string
    action: string
    subjectType: string
    subjectId: string
    detail: DefaultJson<Record<string, unknown>>
    prevHash: Buffer
    hash: Buffer
  }
  migration: { name: string; appliedAt: DefaultMoment }
}

export const scanStates = ['running', 'complete', 'complete_with_errors', 'cancelled'] as const
export type ScanState = (typeof scanStates)[number]
export const taskStates = ['pending', 'running', 'done', 'failed', 'cancelled'] as const
export type TaskState = (typeof taskStates)[number]
export const deliveryStates = ['pending', 'delivered', 'dead'] as const
export type DeliveryState = (typeof deliveryStates)[number]
export const mailStates = ['pending', 'sent', 'dead'] as const
export type MailState = (typeof mailStates)[number]

/** Sums by name, one level of grouping: `{ blobs: 3, drops: { placeholder: 1 } }`. */
export interface Counts {
  [name: string]: number | Record<string, number>
}
