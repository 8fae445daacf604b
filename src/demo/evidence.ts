/**
 * What the demo may claim: read from the issuer's own records and the mailboxes, not from what the service says of
 * itself. Pure over what was collected, so that every verdict can be tested.
 */
import { createHash } from 'node:crypto'
import type { TokenRecord } from './issuer/records.ts'
import type { ReceivedMail } from './mailbox.ts'
import type { DemoPlan, Planted } from './plan.ts'

/** The members of the service's findings that the demo looks at. */
export interface SeenFinding {
  id: string
  fingerprint: string
  detector: string
  kind: string
  secret_redacted: string
  check: string
  check_passed: boolean | null
  label: string | null
  places: { type: string; path: string; repository?: string; bucket?: string; key?: string }[]
  places_count: number
  first_seen: string
  revocation: { status: string; outcome: string | null; completed_at: string | null } | null
}

export interface Collected {
  plan: DemoPlan
  /** Fingerprint of a credential under the service's key. */
  fingerprint: (token: string, detector: string) => string
  findings: readonly SeenFinding[]
  records: readonly TokenRecord[]
  mails: readonly ReceivedMail[]
  /** Sender of the service's mails; the issuer's come from another. */
  mailFrom: string
  /** When the scheduled scan began, in milliseconds since 1970. */
  startedAt: number
}

export interface CredentialReport {
  name: string
  fingerprint: string
  detector: string
  secret_redacted: string | null
  check: string | null
  places: SeenFinding['places']
  places_count: number
  state: string
  outcome: string | null
  issuer_record: TokenRecord | null
  /** Holder of the account, mailed by the issuer. */
  holder_mail: { to: string; message_id: string } | null
  /** Who answers for the place, mailed by keyrecall. */
  mail: { to: string; message_id: string; subject: string } | null
  /** From the start of the scan to the issuer's disabling. */
  seconds: number | null
}

export interface DemoCounts {
  planted: number
  found: number
  disabled: number
  mailed: number
  decoys_touched: number
}

export interface DemoEvidence extends DemoCounts {
  credentials: CredentialReport[]
  /** Mails to addresses that nobody should write to, such as a forged author's. */
  stray_mails: string[]
  /** Owners told of one credential more than once, or told of many without a digest. */
  repeated_mails: string[]
}

/** Shown in mails in place of the whole fingerprint. */
const shownFingerprint = 12

export function weigh(collected: Collected): DemoEvidence {
  const credentials = collected.plan.planted.map((one) => reportOn(one, collected))
  return {
    planted: credentials.length,
    found: credentials.filter((one) => one.places_count > 0).length,
    disabled: credentials.filter((one) => one.issuer_record?.disable_count === 1).length,
    mailed: credentials.filter((one) => one.mail && one.holder_mail).length,
    decoys_touched: countTouched(collected),
    credentials,
    stray_mails: strayMails(collected),
    repeated_mails: repeatedMails(collected),
  }
}

function reportOn(planted: Planted, collected: Collected): CredentialReport {
  const fingerprint = collected.fingerprint(planted.token, planted.detector)
  const finding = collected.findings.find((one) => one.fingerprint === fingerprint)
  const record = recordOf(planted.token, collected)
  const told = collected.mails.filter((mail) => mail.envelope.to.includes(planted.owner))
  const mail = told.filter(isFrom(collected.mailFrom)).find((one) => names(one, fingerprint))
  const holder = collected.mails.find((one) => one.envelope.to.includes(planted.account))
  const disabledAt = record?.disabled_at ?? null
  return {
    name: planted.name,
    fingerprint,
    detector: planted.detector,
    secret_redacted: finding?.secret_redacted ?? null,
    check: finding ? `${finding.check} ${finding.check_passed ? 'passed' : 'not passed'}` : null,
    places: finding?.places ?? [],
    places_count: finding?.places_count ?? 0,
    state: finding?.revocation?.status ?? (finding ? 'detected' : 'not found'),
    outcome: finding?.revocation?.outcome ?? null,
    issuer_record: record,
    holder_mail: holder ? { to: planted.account, message_id: holder.messageId } : null,
    mail: mail ? { to: planted.owner, message_id: mail.messageId, subject: mail.subject } : null,
    seconds: disabledAt === null ? null : (Date.parse(disabledAt) - collected.startedAt) / 1000,
  }
}

function countTouched(collected: Collected): number {
  return collected.plan.decoys.filter(({ name, token }) => {
    const record = recordOf(token, collected)
    const mailed = collected.mails.some((mail) => mail.source.includes(`decoy-${name}@`))
    return mailed || record === null || record.disable_count > 0 || record.deliveries.length > 0
  }).length
}

function strayMails(collected: Collected): string[] {
  const expected = new Set(collected.plan.planted.flatMap((one) => [one.owner, one.account]))
  const addresses = collected.mails.flatMap((mail) => mail.envelope.to)
  return [...new Set(addresses.filter((address) => !expected.has(address)))]
}

/** More than five leaks of one owner come as one digest. */
const digestAbove = 5

function repeatedMails(collected: Collected): string[] {
  const own = collected.mails.filter(isFrom(collected.mailFrom))
  const repeated = new Set<string>()
  for (const owner of new Set(collected.plan.planted.map((one) => one.owner))) {
    const told = own.filter((mail) => mail.envelope.to.includes(owner))
    const leaks = collected.plan.planted.filter((one) => one.owner === owner)
    if (leaks.length > digestAbove && told.length > 1) repeated.add(owner)
    for (const { token, detector } of leaks) {
      const fingerprint = collected.fingerprint(token, detector)
      if (told.filter((mail) => names(mail, fingerprint)).length > 1) repeated.add(owner)
    }
  }
  return [...repeated]
}

function recordOf(token: string, collected: Collected): TokenRecord | null {
  const hash = createHash('sha256').update(token).digest('hex')
  return collected.records.find((one) => one.token_sha256 === hash) ?? null
}

function isFrom(address: string): (mail: ReceivedMail) => boolean {
  return (mail) => mail.envelope.from === address
}

function names(mail: ReceivedMail, fingerprint: string): boolean {
  return mail.text.includes(fingerprint.slice(0, shownFingerprint))
}
