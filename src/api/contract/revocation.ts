/** Responses to findings: what was asked for or planned, by which gates, and what came of it. */
import { z } from 'zod'
import { responseModes, responseStates } from '../../model/finding.ts'
import { id, listOf, reason, text, time } from './fields.ts'
import { pagedQuery } from './page.ts'

export const revocationSchema = z
  .object({
    id,
    url: z.string(),
    finding_id: id,
    finding_url: z.string(),
    issuer_id: z.string().nullable(),
    lane: z.string(),
    mode: z.enum(responseModes),
    status: z.enum(responseStates),
    outcome: z.string().nullable(),
    reason: z.string(),
    gates: z.array(z.object({ gate: z.string(), passed: z.boolean(), detail: z.string() })),
    requested_by: z.string(),
    decided_by: z.string().nullable(),
    requested_at: time,
    updated_at: time,
    completed_at: time.nullable(),
    attempts_url: z.string().nullable(),
  })
  .meta({ id: 'Revocation' })

export const revocationListSchema = z.array(revocationSchema)

export const revocationQuery = pagedQuery({ state: listOf(responseStates).optional() })

export const findingRevocationQuery = pagedQuery({})

export const revocationRequest = z.strictObject({ reason })

export const decisionRequest = z.strictObject({ reason })

/** Headers come with many members of no concern to us, so this object alone is open. */
export const idempotencyHeaders = z.looseObject({
  'idempotency-key': text(100).describe('Chosen by the client; a repeat with the same key does nothing new'),
})
