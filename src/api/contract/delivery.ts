/** Deliveries: one signed webhook each, with what every attempt was answered. Bodies are never shown. */
import { z } from 'zod'
import { id, listOf, reason, time } from './fields.ts'
import { pagedQuery } from './page.ts'

const deliveryStates = ['pending', 'delivered', 'dead'] as const

export const deliverySchema = z
  .object({
    id,
    url: z.string(),
    issuer_id: id,
    revocation_id: z.string().nullable(),
    kind: z.enum(['revoke', 'test']),
    state: z.enum(deliveryStates),
    attempts_count: z.int(),
    body_sha256: z.string().describe('Lower-case hex'),
    next_attempt_at: time.nullable().describe('Null once it is delivered or dead'),
    last_status: z.int().nullable(),
    last_outcome: z.string().nullable(),
    created_at: time,
    completed_at: time.nullable(),
  })
  .meta({ id: 'Delivery' })

export const deliveryListSchema = z.array(deliverySchema)

export const deliveryDetailSchema = z
  .object({
    ...deliverySchema.shape,
    attempts: z
      .array(
        z.object({
          attempted_at: time,
          status: z.int().nullable(),
          outcome: z.string(),
          milliseconds: z.int(),
        }),
      )
      .describe('Oldest first'),
  })
  .meta({ id: 'DeliveryDetail' })

export const deliveryQuery = pagedQuery({
  state: listOf(deliveryStates).optional(),
  issuer_id: id.optional(),
})

export const redeliverRequest = z.strictObject({ reason })
