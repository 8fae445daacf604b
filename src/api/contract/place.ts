/** A place as answered: GitHub's `{type, details}`, with our own types beside its `commit`. */
import { z } from 'zod'
import { time } from './fields.ts'

const count = z.int()

/** The place fields of the contract; which are there follows from the type. */
const placeFields = {
  path: z.string(),
  start_line: count,
  start_column: count,
  end_line: count,
  end_column: count,
  byte_start: count,
  byte_end: count,
  repository: z.string().optional(),
  commit_sha: z.string().optional(),
  blob_sha: z.string().optional(),
  author_name: z.string().optional(),
  author_email: z.string().optional(),
  authored_at: z.string().optional(),
  committer_name: z.string().optional(),
  committer_email: z.string().optional(),
  committed_at: z.string().optional(),
  ref: z.string().optional().describe('Full name of a ref that leads to the commit'),
  at_head: z.boolean().optional().describe("The default branch's head holds this content at this path"),
  commit_count: count.optional().describe('Commits whose tree holds this content at this path'),
  unreachable: z.boolean().optional().describe('No ref leads to the commit'),
  bucket: z.string().optional(),
  key: z.string().optional(),
  version_id: z.string().optional(),
  etag: z.string().optional(),
  archive_path: z.string().optional(),
  owner_hint: z.string().optional(),
  url: z.string().optional(),
  public: z.boolean().optional(),
  decoding: z.string().optional().describe('Decoders, outermost first, joined by `>`'),
}

const placeType = z.enum(['file', 'stdin', 'commit', 'github_blob', 's3_object'])

export const placeSchema = z.object({ type: placeType, ...placeFields }).meta({ id: 'Place' })

export const locationSchema = z
  .object({
    id: z.string(),
    type: placeType,
    details: z.object(placeFields),
    source_id: z.string().nullable(),
    first_seen_at: time,
    last_seen_at: time,
  })
  .meta({ id: 'Location' })
