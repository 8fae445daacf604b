/** Schedules: when which sources are scanned. */
import { z } from 'zod'
import { id, text, time } from './fields.ts'
import { pagedQuery } from './page.ts'

export const scheduleSchema = z
  .object({
    id,
    url: z.string(),
    name: z.string(),
    cron: z.string(),
    time_zone: z.string(),
    source_ids: z.array(id),
    enabled: z.boolean(),
    next_run_at: time.nullable().describe('Null while it is not enabled'),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Schedule' })

export const scheduleListSchema = z.array(scheduleSchema)

export const scheduleQuery = pagedQuery({})

const fields = {
  name: text(200),
  cron: text(100).describe('Five fields, or six with seconds first: `0 3 * * *`'),
  time_zone: text(64).describe('IANA name: Europe/Berlin'),
  source_ids: z.array(id).min(1).max(100),
  enabled: z.boolean(),
}

export const scheduleRequest = z.strictObject({
  ...fields,
  time_zone: fields.time_zone.default('UTC'),
  enabled: fields.enabled.default(true),
})

export const schedulePatch = z.strictObject(fields).partial()
