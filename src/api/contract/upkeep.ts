/** The kill switch, the audit log, and what monitors and issuers read without a token. */
import { z } from 'zod'
import { reason, text, time } from './fields.ts'
import { pagedQuery } from './page.ts'

export const killSwitchSchema = z
  .object({ engaged: z.boolean().describe('While true nothing is sent to any issuer') })
  .meta({ id: 'KillSwitch' })

export const killSwitchRequest = z.strictObject({ engaged: z.boolean(), reason })

export const auditEventSchema = z
  .object({
    seq: z.int(),
    at: time,
    actor: z.string(),
    action: z.string(),
    subject_type: z.string(),
    subject_id: z.string(),
    detail: z.record(z.string(), z.unknown()),
    hash: z.string().describe('Lower-case hex SHA-256 over this event and the hash before it'),
  })
  .meta({ id: 'AuditEvent' })

export const auditListSchema = z.array(auditEventSchema)

export const auditQuery = pagedQuery({
  subject_type: text(60).optional(),
  subject_id: text(200).optional(),
})

const keyEntry = z.object({ key_identifier: z.string(), key: z.string(), is_current: z.boolean() })

/** GitHub's shape, so that an issuer's existing code reads it; `webhook_keys` is a member that code passes over. */
export const publicKeysSchema = z
  .object({
    public_keys: z.array(keyEntry).describe('ECDSA P-256, PEM'),
    webhook_keys: z.array(keyEntry).describe('Ed25519 in the spelling of Standard Webhooks: whpk_…'),
  })
  .meta({ id: 'PublicKeys' })

export const healthSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Health' })
