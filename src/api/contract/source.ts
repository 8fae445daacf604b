/** Sources: configured places to look, named as on the command line. */
import { z } from 'zod'
import { id, text, time } from './fields.ts'
import { pagedQuery } from './page.ts'

const authorities = ['owned', 'public'] as const

export const sourceSchema = z
  .object({
    id,
    url: z.string(),
    name: z.string(),
    target: z.string(),
    authority: z
      .enum(authorities)
      .describe('owned: ours to act on; public: only what the public can read may be acted on'),
    created_at: time,
  })
  .meta({ id: 'Source' })

export const sourceListSchema = z.array(sourceSchema)

export const sourceQuery = pagedQuery({})

export const sourceRequest = z.strictObject({
  name: text(200),
  target: text(500).describe('github:acme, github-search:QUERY, git:URL, s3://bucket/prefix or a path'),
  authority: z.enum(authorities),
})
