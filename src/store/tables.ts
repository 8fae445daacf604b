/**
 * The tables as Kysely sees them; `migrations/` is where they are made, and a test compares the two. Columns of
 * type jsonb are read as values and written as the text that `toJson` gives, because the driver would turn an
 * array into a PostgreSQL array.
 */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type {
  FindingState,
  Resolution,
  ResponseMode,
  ResponseState,
  Validity,
} from '../model/finding.ts'
import type { CheckKind } from '../model/detector.ts'
import type { FoundPlace } from '../model/finding.ts'
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
  service_key: { version: number; check_value: Buffer; created_at: DefaultMoment }
  setting: { name: string; value: Json<unknown>; updated_at: DefaultMoment }
  api_token: {
    id: Generated<string>
    name: string
    token_hash: Buffer
    scopes: string[]
    created_at: DefaultMoment
    last_used_at: MaybeMoment
    revoked_at: MaybeMoment
  }
  signing_key: {
    key_identifier: string
    algorithm: 'ecdsa-p256' | 'ed25519'
    public_key: string
    sealed_private_key: Buffer
    is_current: Generated<boolean>
    active_from: DefaultMoment
    created_at: DefaultMoment
  }
  source: {
    id: Generated<string>
    name: string
    target: string
    authority: Generated<'owned' | 'public'>
    created_at: DefaultMoment
  }
  schedule: {
    id: Generated<string>
    name: string
    cron: string
    time_zone: Generated<string>
    source_ids: string[]
    enabled: Generated<boolean>
    created_at: DefaultMoment
    updated_at: DefaultMoment
  }
  scan: {
    id: Generated<string>
    schedule_id: Maybe<string>
    started_by: string
    run_key: Maybe<string>
    state: Generated<ScanState>
    created_at: DefaultMoment
    finished_at: MaybeMoment
    stats: DefaultJson<Counts>
  }
  task: {
    id: Generated<string>
    scan_id: string
    source_id: string
    kind: Task['kind']
    key: string
    params: Json<unknown>
    state: Generated<TaskState>
    attempts: Generated<number>
    claimed_until: MaybeMoment
    claimed_by: Maybe<string>
    created_at: DefaultMoment
    finished_at: MaybeMoment
    stats: DefaultJson<Counts>
  }
  task_problem: {
    id: GeneratedAlways<string>
    task_id: string
    scan_id: string
    problem: 'error' | 'skipped'
    code: string
    subject: string
    message: string
  }
  seen_content: { source_id: string; content_key: string; detector_set: string; seen_at: DefaultMoment }
  issuer: {
    id: Generated<string>
    slug: string
    name: string
    endpoint: Maybe<string>
    status_endpoint: Maybe<string>
    header_prefix: Generated<string>
    dialect: Generated<'github' | 'gitlab'>
    mode: Generated<ResponseMode>
    revokes_on_receipt: Generated<boolean>
    certificate_authority: Maybe<string>
    types: DefaultJson<Record<string, string>>
    hourly_cap: Generated<number>
    proven_at: MaybeMoment
    disabled_at: MaybeMoment
    created_at: DefaultMoment
    updated_at: DefaultMoment
  }
  finding: {
    id: Generated<string>
    fingerprint: string
    key_version: number
    detector: string
    issuer: string
    kind: string
    secret_redacted: string
    check_kind: CheckKind
    check_passed: boolean | null
    check_bits: Generated<number>
    confidence: Confidence
    label: HitLabel | null
    facts: DefaultJson<Record<string, string>>
    validity: Generated<Validity>
    state: Generated<FindingState>
    resolution: Maybe<Resolution>
    resolution_comment: Maybe<string>
    resolved_at: MaybeMoment
    resolved_by: Maybe<string>
    assignee: Maybe<string>
    sealed_secret: Maybe<Buffer>
    sealed_companion: Maybe<Buffer>
    first_scan_id: Maybe<string>
    planned_at: MaybeMoment
    created_at: DefaultMoment
    updated_at: DefaultMoment
  }
  place: {
    id: Generated<string>
    finding_id: string
    source_id: Maybe<string>
    place_key: string
    type: FoundPlace['type']
    details: Json<FoundPlace>
    first_seen_at: DefaultMoment
    last_seen_at: DefaultMoment
  }
  response: {
    id: Generated<string>
    finding_id: string
    issuer_id: Maybe<string>
    lane: Generated<string>
    mode: ResponseMode
    state: Generated<ResponseState>
    reason: string
    gates: DefaultJson<GateResult[]>
    idempotency_key: string
    requested_by: string
    decided_by: Maybe<string>
    outcome: Maybe<string>
    confirm_attempts: Generated<number>
    next_confirm_at: MaybeMoment
    claimed_until: MaybeMoment
    noticed_at: MaybeMoment
    created_at: DefaultMoment
    updated_at: DefaultMoment
    completed_at: MaybeMoment
  }
  delivery: {
    id: Generated<string>
    issuer_id: string
    response_id: Maybe<string>
    kind: Generated<'revoke' | 'test'>
    sealed_body: Maybe<Buffer>
    body_sha256: Buffer
    state: Generated<DeliveryState>
    attempts: Generated<number>
    next_attempt_at: DefaultMoment
    claimed_until: MaybeMoment
    last_status: Maybe<number>
    last_outcome: Maybe<string>
    created_at: DefaultMoment
    completed_at: MaybeMoment
  }
  delivery_attempt: {
    id: GeneratedAlways<string>
    delivery_id: string
    attempted_at: DefaultMoment
    status: number | null
    outcome: string
    milliseconds: number
  }
  mail: {
    id: Generated<string>
    address: string
    kind: 'single' | 'digest'
    message_id: string
    state: Generated<MailState>
    attempts: Generated<number>
    next_attempt_at: DefaultMoment
    claimed_until: MaybeMoment
    last_error: Maybe<string>
    created_at: DefaultMoment
    sent_at: MaybeMoment
  }
  notice: {
    id: Generated<string>
    finding_id: string
    address: string
    day: ColumnType<Date, string | undefined, string>
    chosen_by: string
    mail_id: Maybe<string>
    created_at: DefaultMoment
  }
  outbox: {
    id: GeneratedAlways<string>
    job: JobName
    payload: Json<Record<string, string>>
    run_at: DefaultMoment
    created_at: DefaultMoment
    sent_at: MaybeMoment
  }
  audit_event: {
    seq: ColumnType<string, number | string, never>
    at: Moment
    actor: string
    action: string
    subject_type: string
    subject_id: string
    detail: DefaultJson<Record<string, unknown>>
    prev_hash: Buffer
    hash: Buffer
  }
  migration: { name: string; applied_at: DefaultMoment }
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
